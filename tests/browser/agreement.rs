//! The agreement of the race and the lab: the same request bytes, and the same latencies.

use std::{fs, process::Command};

use harness::{Server, User, until};
use harness::{
    browser::{Tab, enter, pane, record, trial},
    recorded_headers,
};
use protocol::Transport;
use serde_json::{Value, json};

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    a_new_recording_is_like_that_of_the_repository,
    the_requests_of_the_race_are_those_of_the_labs_browser_profile
];
/// Run only on request, because a measurement takes minutes.
pub const MEASUREMENTS: &[Test] = tests![the_race_shows_the_latencies_that_the_lab_measures];

/// The header sections of the lab's `browser` profile, recorded from Chromium.
const FETCH: &str = include_str!("../../crates/lab/src/receivers/recorded/fetch.txt");
const EVENT_SOURCE: &str = include_str!("../../crates/lab/src/receivers/recorded/event-source.txt");
const WEB_SOCKET: &str = include_str!("../../crates/lab/src/receivers/recorded/websocket.txt");

async fn the_requests_of_the_race_are_those_of_the_labs_browser_profile() {
    trial("agreement-bytes", async |browser, server| {
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2&wait=25").await;
        bob.say("race", "which bytes?").await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "which bytes?").await;
            let head = request_header(&tab, transport, 1).await;
            check_header(transport, &head, server);
        }
    })
    .await;
}

async fn a_new_recording_is_like_that_of_the_repository() {
    for (file, head) in record().await {
        let kept = match file {
            "fetch.txt" => FETCH,
            "event-source.txt" => EVENT_SOURCE,
            "websocket.txt" => WEB_SOCKET,
            other => panic!("{other} is not in the repository"),
        };
        let request_line = kept.lines().next().unwrap();
        recorded_headers::check(request_line, &head.replace('\n', "\r\n"), kept, &[]);
    }
}

/// The header section, as the server read it, of the request that delivered the race's message
/// `seq`.
async fn request_header(tab: &Tab<'_>, transport: Transport, seq: u64) -> String {
    let slug = transport.slug();
    let path = format!("/api/exchanges?room=race&seq={seq}&transport={slug}");
    let script = "return fetch(arguments[0]).then((response) => response.json())";
    let mut head = None;
    // A message is shown a moment before the server has recorded that it was sent.
    until("the exchange is recorded", async || {
        let exchange = tab.try_js(script, vec![json!(path)]).await.unwrap();
        head = exchange["steps"][0]["head"].as_str().map(str::to_owned);
        head.is_some()
    })
    .await;
    head.unwrap()
}

/// Checks that it is like that of the lab, except for the values of the session and the browser.
fn check_header(transport: Transport, head: &str, server: &Server) {
    let (path, recorded) = match transport {
        Transport::ShortPoll => ("messages?after=0&limit=500", FETCH),
        Transport::LongPoll => ("messages?after=0&limit=500&wait=25", FETCH),
        Transport::Sse => ("events?after=0", EVENT_SOURCE),
        Transport::WebSocket => ("ws?after=0", WEB_SOCKET),
    };
    let request_line = format!("GET /api/rooms/race/{path} HTTP/1.1");
    let origin = format!("http://{}", server.address);
    let values = [
        ("Host", &*server.address),
        ("Origin", &origin),
        ("Referer", &format!("{origin}/race")),
    ];
    recorded_headers::check(&request_line, head, recorded, &values);
}

const SECONDS: u64 = 60;
const RATE: f64 = 5.0;
const INTERVAL_S: f64 = 1.0;
/// The accepted difference of race and lab at p50, in milliseconds.
const TOLERANCE_MS: f64 = 3.0;

/// A measurement for an otherwise idle machine: `scripts/race-agreement`.
async fn the_race_shows_the_latencies_that_the_lab_measures() {
    trial("agreement-latency", async |browser, server| {
        let bob = enter(browser, server).await;
        let settings = format!("rate={RATE}&interval={INTERVAL_S}&wait=25&pace=poisson");
        let tab = browser.race(server, &settings).await;
        warm_up(&tab, &bob).await;
        tab.click("#stream").await;
        tokio::time::sleep(std::time::Duration::from_secs(SECONDS)).await;
        let raced: Vec<_> = shown(&tab).await;
        tab.click("#stream").await;
        let measured = lab();
        println!("p50 of {SECONDS} s at {RATE}/s, Poisson, from the instant due, no link:");
        let mut far = Vec::new();
        for ((transport, raced), (lab, [low, high])) in raced.into_iter().zip(measured) {
            // The 95 % interval of the median of n uniform values over the pause: ±1.96 pause /
            // 2√n.
            let n = SECONDS as f64 * RATE;
            let spread = 1.96 * INTERVAL_S * 1_000.0 / (2.0 * n.sqrt());
            let allowed = match transport {
                Transport::ShortPoll => spread + (high - low) / 2.0,
                _ => TOLERANCE_MS,
            };
            let line = format!(
                "{:20} race {raced:8.1} ms   lab {lab:8.1} ms ({low:.1} to {high:.1})   apart {:6.1} of {allowed:.1} ms",
                transport.name(),
                (raced - lab).abs()
            );
            println!("{line}");
            if (raced - lab).abs() > allowed {
                far.push(line);
            }
        }
        assert!(far.is_empty(), "{}", far.join("\n"));
    })
    .await;
}

/// The first message of each pane includes one-time costs.
async fn warm_up(tab: &Tab<'_>, bob: &User) {
    bob.say("race", "warm up").await;
    for transport in Transport::ALL {
        tab.until_arrived(transport, "warm up").await;
    }
    tab.click("#reset").await;
}

/// The p50 that each pane shows, in milliseconds.
async fn shown(tab: &Tab<'_>) -> Vec<(Transport, f64)> {
    let mut shown = Vec::new();
    for transport in Transport::ALL {
        let place = pane(transport, "[data-figure=p50]");
        let text = format!("document.querySelector('{place}').textContent");
        let text = tab.value(&text).await.as_str().unwrap().to_owned();
        let (number, unit) = text.split_once(' ').unwrap();
        let number: f64 = number.parse().unwrap();
        shown.push((
            transport,
            if unit == "s" {
                number * 1_000.0
            } else {
                number
            },
        ));
    }
    shown
}

/// The lab's end-to-end p50 of each transport with its interval, in milliseconds, with the same
/// database settings as the race's server.
fn lab() -> Vec<(f64, [f64; 2])> {
    let folder = tempfile::tempdir().unwrap();
    let list = Transport::ALL
        .map(|transport| format!("{:?}", transport.slug()))
        .join(", ");
    let scenario = format!(
        "name = \"agreement\"\n\
         [load]\nrooms = 20\nrate = {RATE:.1}\nseconds = 10\n\
         [server]\ndatabase = \"sqlite\"\nsync = \"full\"\n\
         [network]\none_way_ms = 0\n\
         [transport]\nlist = [{list}]\ninterval_ms = {}\nwait_s = 25\nheaders = \"browser\"\n\
         [runs]\nrepetitions = 3\n",
        INTERVAL_S * 1_000.0
    );
    fs::write(folder.path().join("agreement.toml"), scenario).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_pushlab"))
        .args(["lab", "agreement.toml", "--out", "out"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    let results = fs::read_to_string(folder.path().join("out/results.json"));
    let results: Value = serde_json::from_str(&results.expect(&told)).unwrap();
    let estimates = results["estimates"].as_array().unwrap();
    let p50 = |transport: Transport| {
        let found = estimates.iter().find(|estimate| {
            estimate["metric"] == "end_to_end_p50_us" && estimate["transport"] == transport.slug()
        });
        let found = found.unwrap_or_else(|| panic!("no estimate for {transport:?}: {told}"));
        let ms = |value: &Value| value.as_f64().unwrap() / 1_000.0;
        (
            ms(&found["value"]),
            [ms(&found["ci95"][0]), ms(&found["ci95"][1])],
        )
    };
    Transport::ALL.map(p50).into()
}

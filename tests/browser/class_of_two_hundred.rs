//! A whole class from one address, under the limits that a server has when nothing is set: 197 scripted phones and
//! three pages in Chromium. `scripts/class` runs it.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream};
use harness::{
    Options, Server, User,
    browser::{Browser, Tab, keys, trial},
    class::{Phone, Tally, network_address},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Test, tests};

/// Run only on request.
pub const MEASUREMENTS: &[Test] = tests![a_class_of_two_hundred_takes_part];

/// A name that nobody has, so that the page asks who comes, though somebody is signed in in this browser.
const NEW_PHONE: &str = "/class?as=nobody";
const SCRIPTED: usize = 197;
/// How many tap on the code at the same time.
const AT_ONCE: usize = 20;
const SINGLE: usize = 5;
const STREAMED: usize = 20;
const STREAM_PAUSE: Duration = Duration::from_millis(500);

async fn a_class_of_two_hundred_takes_part() {
    let ip = network_address().expect("an address that is not the loopback, which has no limits");
    trial("class-of-200", async |browser, server| {
        let options = Options::with(&["--guests", "on"]);
        *server = Server::start_with(options.bound_to(&format!("{ip}:0"))).await;
        println!(
            "the server listens on {}; all come from {ip}",
            server.address
        );
        let lecturer = as_guest(browser, server, "/race#rate=1", "#open-class").await;
        lecturer.until_racing().await;
        lecturer.click("#open-class").await;
        let pages = [
            as_guest(browser, server, NEW_PHONE, "#lot").await,
            as_guest(browser, server, NEW_PHONE, "#lot").await,
        ];
        for page in &pages {
            page.click("#lot").await;
            page.until_visible("#state[data-state=live]").await;
        }
        let tally = Arc::<Tally>::default();
        let began = Instant::now();
        let phones: Vec<Phone> = stream::iter(0..SCRIPTED)
            .map(|_| Phone::join(server, "race", tally.clone()))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        println!(
            "{} scripted phones have joined in {:.1?}",
            phones.len(),
            began.elapsed()
        );
        lecturer.until_text(".class-summary", "of 199 phones").await;
        send_singly(&lecturer).await;
        send_stream(server, &lecturer).await;
        let sent = SINGLE + STREAMED;
        let got = tally.deliveries.load(Relaxed);
        println!(
            "deliveries to scripted phones: {got} of {}",
            SCRIPTED * sent
        );
        tell_figures(server).await;
        let refused = refusals(server).await;
        println!(
            "refusals: {refused} by the limits, {} seen by phones",
            tally.refused.load(Relaxed)
        );
        assert_eq!(got, SCRIPTED * sent);
        assert_eq!((refused, tally.refused.load(Relaxed)), (0.0, 0));
    })
    .await;
}

/// A tab with a guest of its own, once it shows `then`.
async fn as_guest<'b>(browser: &'b Browser, server: &Server, path: &str, then: &str) -> Tab<'b> {
    let tab = browser.tab().await;
    tab.goto(&server.url(path)).await;
    tab.click("#guest button").await;
    tab.until_visible(then).await;
    tab
}

/// For how many seconds the page's main thread has worked.
async fn worked(tab: &Tab<'_>) -> f64 {
    tab.driver().await.unwrap();
    let devtools = async |command| tab.browser.devtools(command, json!({})).await;
    devtools("Performance.enable").await;
    let metrics = devtools("Performance.getMetrics").await;
    let mut metrics = metrics["metrics"].as_array().unwrap().iter();
    let work = metrics.find(|metric| metric["name"] == "TaskDuration");
    work.unwrap()["value"].as_f64().unwrap()
}

/// Each message is sent when the last has reached all.
async fn send_singly(lecturer: &Tab<'_>) {
    for number in 1..=SINGLE {
        let began = Instant::now();
        lecturer
            .keys("#body", &format!("message {number}{}", keys::ENTER))
            .await;
        let all = format!("Message {number} has reached 199 of 199 phones");
        lecturer.until_text(".class-summary", &all).await;
        println!(
            "message {number}: shown as having reached 199 of 199 after {:.1?}",
            began.elapsed()
        );
    }
}

async fn send_stream(server: &Server, lecturer: &Tab<'_>) {
    let sender = User::apart(server);
    let guest = sender.call(Method::POST, "/api/guests", None).await;
    assert!(guest.status().is_success());
    let (began, before) = (Instant::now(), worked(lecturer).await);
    let mut pace = tokio::time::interval(STREAM_PAUSE);
    for number in 1..=STREAMED {
        pace.tick().await;
        sender.say("race", &format!("streamed {number}")).await;
    }
    let last = SINGLE + STREAMED;
    let all = format!("Message {last} has reached 199 of 199 phones");
    lecturer.until_text(".class-summary", &all).await;
    let share = (worked(lecturer).await - before) / began.elapsed().as_secs_f64();
    println!(
        "{STREAMED} more at two a second: the last has reached 199 of 199; the lecturer's page, race and class, \
         worked {:.0} % of the time",
        share * 100.0
    );
}

async fn tell_figures(server: &Server) {
    let user = User::apart(server);
    user.call(Method::POST, "/api/guests", None).await;
    for (what, from) in [("single messages and stream", 0), ("stream", SINGLE)] {
        let class = user
            .get(&format!("/api/rooms/race/class?from={from}"))
            .await;
        let class: Value = class.json().await.unwrap();
        println!("{what}: transport, phones, reached, deliveries, p50 ms, p95 ms");
        for it in class["transports"].as_array().unwrap() {
            let ms = |name: &str| it[name].as_f64().unwrap_or(f64::NAN);
            println!(
                "  {:<12} {:>3} {:>3} {:>5} {:>8.1} {:>8.1}",
                it["transport"].as_str().unwrap(),
                it["phones"],
                it["reached"],
                it["deliveries"].to_string(),
                ms("p50_ms"),
                ms("p95_ms"),
            );
        }
    }
}

/// What all limits of the server have refused.
async fn refusals(server: &Server) -> f64 {
    let text = server.get("/metrics").await.text().await.unwrap();
    let lines = text
        .lines()
        .filter(|line| line.starts_with("pushlab_refused_total{"));
    lines
        .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .sum()
}

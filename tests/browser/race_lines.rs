//! The race changes its network path, and its sender and readers go offline, without being left: nothing is lost
//! or doubled, and all that was shown stays.

use std::collections::BTreeSet;

use harness::browser::{Browser, Tab, enter, keys, pane, trial};
use harness::{Options, Server, User, until};
use protocol::Transport;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    a_change_in_mid_stream_loses_and_doubles_nothing,
    a_fast_stream_goes_on_over_a_slow_link,
    a_proxy_breaks_what_it_breaks_and_the_direct_path_heals_it,
    a_link_opens_the_race_over_a_path_and_one_that_is_gone_costs_nothing,
    a_sender_that_was_offline_has_kept_what_it_had_to_send,
    readers_that_were_offline_catch_up_over_another_path_too,
    a_guest_at_localhost_changes_the_path,
    a_foreign_origin_frames_no_line_and_its_messages_do_nothing,
    only_this_servers_ports_of_this_host_are_lines
];

/// How an exchange ended, as a recorded race numbers it.
const CLOSED: u64 = 4;

/// Has the race go over another network path.
pub async fn go_over(tab: &Tab<'_>, line: &str) {
    tab.click("#line summary").await;
    let link = format!("#lines [data-line={line}]");
    tab.click(&link).await;
    tab.until_visible(&format!("{link}[aria-current]")).await;
    tab.click("#line summary").await;
}

/// Waits until every pane has brought `more` messages of the stream than any has now.
async fn until_more(tab: &Tab<'_>, more: u64) {
    let newest = "Math.max(0, ...[...document.querySelectorAll('.arrivals .body')]
        .map(({ textContent }) => Number(/^Message (\\d+)$/.exec(textContent)?.[1] ?? 0)))";
    let newest = tab.value(newest).await.as_u64().unwrap();
    until_message(tab, newest + more).await;
}

/// Waits until every pane has brought the stream's message of this number, or a later one.
async fn until_message(tab: &Tab<'_>, number: u64) {
    let newest = "Math.max(...[...document.querySelectorAll(arguments[0])]
        .map(({ textContent }) => Number(/^Message (\\d+)$/.exec(textContent)?.[1] ?? 0))) >= arguments[1]";
    for transport in Transport::ALL {
        let bodies = json!(pane(transport, ".arrivals .body"));
        let what = format!("message {number} is there over {transport:?}");
        tab.until_with(&what, newest, vec![bodies, json!(number)])
            .await;
    }
}

async fn write(tab: &Tab<'_>, text: &str) {
    tab.keys("#body", &format!("{text}{}", keys::ENTER)).await;
}

async fn until_arrived_everywhere(tab: &Tab<'_>, body: &str) {
    for transport in Transport::ALL {
        tab.until_arrived(transport, body).await;
    }
}

/// What the race has recorded, as it saves it.
async fn recording(tab: &Tab<'_>) -> Value {
    let save = "window.saved = null;
        URL.createObjectURL = (blob) => { blob.text().then((text) => { saved = JSON.parse(text); }); return '#'; };
        HTMLAnchorElement.prototype.click = () => {};
        const zoom = document.querySelector('#zoom');
        zoom.value = zoom.min;
        zoom.dispatchEvent(new Event('input'));
        [...document.querySelectorAll('#keep button')].find(({ textContent }) => textContent === 'Save this race').click();";
    tab.try_js(save, Vec::new()).await.unwrap();
    tab.until("it is saved", "window.saved").await;
    tab.value("saved").await
}

/// Checks that each lane has every message from the room's first to its last once, in this order; returns how
/// many there are.
fn check_lanes(recording: &Value) -> usize {
    let seq_of = |delivery: &Value| {
        let index = usize::try_from(delivery[1].as_u64().unwrap()).unwrap();
        recording["messages"][index][5].as_u64().unwrap()
    };
    let mut counts = BTreeSet::new();
    for transport in Transport::ALL {
        let lane = &recording["lanes"][transport.slug()];
        let deliveries = lane["deliveries"].as_array().unwrap();
        let seqs: Vec<u64> = deliveries.iter().map(seq_of).collect();
        let expected: Vec<u64> = (1..=seqs.len() as u64).collect();
        assert_eq!(seqs, expected, "{transport:?}");
        counts.insert(seqs.len());
    }
    assert_eq!(counts.len(), 1, "each has the same: {counts:?}");
    counts.pop_first().unwrap()
}

/// How many exchanges of this transport the page has closed itself.
fn closed(recording: &Value, transport: Transport) -> usize {
    let exchanges = &recording["lanes"][transport.slug()]["exchanges"];
    let exchanges = exchanges.as_array().unwrap().iter();
    exchanges.filter(|exchange| exchange[3] == CLOSED).count()
}

async fn a_change_in_mid_stream_loses_and_doubles_nothing() {
    trial("race-lines", async |browser, server| {
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2&rate=10").await;
        tab.try_js("window.isTheSame = true", Vec::new())
            .await
            .unwrap();
        tab.click("#stream").await;
        until_message(&tab, 10).await;
        for (line, name) in [
            ("two_servers", "Two servers, no sticky sessions"),
            ("idle_cut", "Proxy that cuts idle connections"),
            ("plain", "Direct"),
        ] {
            go_over(&tab, line).await;
            tab.until_text("#line-name", &format!("Network path: {name}"))
                .await;
            until_more(&tab, 15).await;
            let said = format!("line={line}");
            let is_said = format!("location.hash.includes('{said}') === {}", line != "plain");
            tab.until("the address says it", &is_said).await;
        }
        tab.click("#stream").await;
        bob.say("race", "the end").await;
        until_arrived_everywhere(&tab, "the end").await;
        let recording = recording(&tab).await;
        assert!(check_lanes(&recording) > 55);
        // What is always open is closed at each change; a poll may just have been answered.
        for transport in [Transport::Sse, Transport::WebSocket] {
            assert!(closed(&recording, transport) >= 3, "{transport:?}");
        }
        check_tears(&recording);
        check_kept(&tab).await;
    })
    .await;
}

/// The changes are recorded, each after the one before, with the names of the network paths.
fn check_tears(recording: &Value) {
    let changes = recording["changes"].as_array().unwrap();
    let names: Vec<&str> = changes.iter().map(|it| it[2].as_str().unwrap()).collect();
    let proxy = "Proxy that cuts idle connections";
    let servers = "Two servers, no sticky sessions";
    assert_eq!(names, [servers, proxy, "Direct"]);
    let path = format!("Direct, then {servers}, then {proxy}, then Direct");
    assert_eq!(recording["path"], path);
}

/// It is the same page, and its figures count from the beginning: all that came is in the costs of a message.
async fn check_kept(tab: &Tab<'_>) {
    assert_eq!(tab.value("window.isTheSame").await, true);
    for transport in Transport::ALL {
        tab.until_figure(transport, "up", "/^[0-9.]+ k?B$/.test(text)")
            .await;
        tab.until_figure(transport, "p95", "/^[0-9.]+ m?s$/.test(text)")
            .await;
    }
    // A WebSocket is four requests over four network paths, and the handshake of each has its bytes.
    tab.until_figure(Transport::WebSocket, "requests", "/^4 in /.test(text)")
        .await;
    // So has the server counted, of one reader, though it came over three ports.
    let script = "return fetch('/api/connections').then((response) => response.json())";
    let costs = tab.try_js(script, Vec::new()).await.unwrap();
    let carried = costs["carried"].as_array().unwrap().iter();
    let sockets: Vec<_> = carried
        .filter(|each| each["transport"] == "websocket" && each["tab"] != "sender")
        .map(|each| (&each["tab"], &each["requests"]))
        .collect();
    assert_eq!(sockets, [(&json!(null), &json!(4))], "{costs}");
    let frames = "document.querySelectorAll('iframe').length";
    tab.until("the frames are gone", &format!("{frames} === 0"))
        .await;
}

async fn a_fast_stream_goes_on_over_a_slow_link() {
    trial("race-lines-fast", async |browser, server| {
        browser.expect_outage(); // the first server ends before its page
        *server = Server::start_with(Options::with(&["--link", "40ms"])).await;
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2&rate=50").await;
        tab.click("#stream").await;
        until_message(&tab, 20).await;
        go_over(&tab, "slow").await;
        until_more(&tab, 100).await;
        go_over(&tab, "plain").await;
        until_more(&tab, 50).await;
        tab.click("#stream").await;
        tab.until_text("#stream", "Start stream").await;
        let latency = "parseFloat(text) > 0 && / m?s$/.test(text)";
        tab.until_figure(Transport::WebSocket, "last", latency)
            .await;
        write(&tab, "the end").await;
        until_arrived_everywhere(&tab, "the end").await;
        let recording = recording(&tab).await;
        assert!(check_lanes(&recording) > 170);
        check_times(&recording);
        let read = bob.get("/api/rooms/race/messages?after=0&limit=500").await;
        let read: Value = read.json().await.unwrap();
        let messages = read["messages"].as_array().unwrap();
        let keys: BTreeSet<&str> = messages
            .iter()
            .filter_map(|it| it["key"].as_str())
            .collect();
        assert_eq!(keys.len(), messages.len(), "each was sent once");
    })
    .await;
}

/// Nothing is before its cause, though some was timed by the frame of another network path: what the first change
/// put on the slow link took its delay there and back, and no message came before it was posted.
fn check_times(recording: &Value) {
    let [slow, plain] = [0, 1].map(|index| recording["changes"][index][0].as_f64().unwrap());
    let ways = [0, 1].map(|index| recording["changes"][index][3].as_f64().unwrap());
    assert!(
        ways[0] < 40.0 && (40.0..60.0).contains(&ways[1]),
        "each path has its own: {ways:?}"
    );
    for message in recording["messages"].as_array().unwrap() {
        let time = |index: usize| message[index].as_f64();
        let (Some(posted), Some(first)) = (time(2), time(4)) else {
            continue;
        };
        assert!(first >= posted, "{message}");
        let is_slow = posted > slow && first < plain;
        assert!(!is_slow || first - posted >= 75.0, "{message}");
    }
}

async fn a_proxy_breaks_what_it_breaks_and_the_direct_path_heals_it() {
    trial("race-lines-proxy", async |browser, server| {
        browser.expect_errors(&["WebSocket connection to 'ws:"]);
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        go_over(&tab, "buffering").await;
        let state = pane(Transport::WebSocket, ".pane-state");
        tab.until_text(&state, "no connection came about").await;
        bob.say("race", "through the proxy").await;
        for transport in [Transport::ShortPoll, Transport::LongPoll] {
            tab.until_arrived(transport, "through the proxy").await;
        }
        let socket = pane(Transport::WebSocket, ".arrivals button");
        assert!(!tab.is_visible(&socket).await.unwrap());
        go_over(&tab, "plain").await;
        tab.until_racing().await;
        until_arrived_everywhere(&tab, "through the proxy").await;
        bob.say("race", "directly").await;
        until_arrived_everywhere(&tab, "directly").await;
        let recording = recording(&tab).await;
        assert_eq!(check_lanes(&recording), 2);
        let exchanges = &recording["lanes"]["websocket"]["exchanges"];
        let has_failed = exchanges
            .as_array()
            .unwrap()
            .iter()
            .any(|each| each[3] == 3);
        assert!(has_failed, "{exchanges}");
    })
    .await;
}

async fn a_link_opens_the_race_over_a_path_and_one_that_is_gone_costs_nothing() {
    trial("race-lines-link", async |browser, server| {
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2&line=two_servers").await;
        tab.until_text("#line-name", "Two servers").await;
        bob.say("race", "over both").await;
        until_arrived_everywhere(&tab, "over both").await;
        // Which server has responded is known only where there are two.
        let exchange = "return fetch('/api/exchanges?room=race&seq=1&transport=websocket').then((response) => response.json())";
        let exchange = tab.try_js(exchange, Vec::new()).await.unwrap();
        assert!(exchange["server"].is_string(), "{exchange}");
        let head = exchange["steps"][0]["head"].as_str().unwrap();
        assert!(head.starts_with("GET /api/rooms/race/ws?after=0 HTTP/1.1\r\n"), "{head}");
        check_same_bytes(&tab, server).await;

        // A path over which no page comes: the race stays where it is.
        let hide = "window.MessageChannel = class extends MessageChannel {
            constructor() { super(); this.port2.close(); } };";
        tab.try_js(hide, Vec::new()).await.unwrap();
        tab.click("#line summary").await;
        tab.click("#lines [data-line=idle_cut]").await;
        tab.until_text("#lines", "Opening Proxy that cuts").await;
        tab.until_text("#lines", "Proxy that cuts idle connections can’t be reached.")
            .await;
        tab.until_text("#lines", "You are on: Two servers").await;
        bob.say("race", "still over both").await;
        until_arrived_everywhere(&tab, "still over both").await;
    })
    .await;
}

/// The requests of the frame have as many bytes as those of the page, which are those of the lab.
async fn check_same_bytes(tab: &Tab<'_>, server: &Server) {
    let script = "return fetch('/api/exchanges?room=race&seq=1&transport=short_poll').then((response) => response.json())";
    let exchange = tab.try_js(script, Vec::new()).await.unwrap();
    let head = exchange["steps"][0]["head"].as_str().unwrap();
    let port = server.address.rsplit(':').next().unwrap();
    let host = head.lines().find_map(|line| line.strip_prefix("Host: "));
    let host = host.unwrap();
    assert!(!host.ends_with(port), "{host} is the proxy");
    assert!(
        head.contains(&format!("\r\nReferer: http://{host}/line\r\n")),
        "{head}"
    );
    assert!(!head.contains("tab="), "{head}");
    assert!(
        head.contains("\r\nSec-Fetch-Site: same-origin\r\n"),
        "{head}"
    );
}

async fn a_sender_that_was_offline_has_kept_what_it_had_to_send() {
    trial("race-lines-sender", async |browser, server| {
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2&rate=10").await;
        tab.click("#stream").await;
        until_message(&tab, 5).await;
        tab.click("#line summary").await;
        tab.click("[data-fault=sender]").await;
        tab.until_text("[data-fault=sender]", "Come back: sender")
            .await;
        tab.until_text("#sender-says", "Paused while the sender is offline.")
            .await;
        write(&tab, "kept").await;
        tab.until_text("#sender-says", "The sender is offline. Waiting: ")
            .await;
        // What others say comes: the readers are online.
        bob.say("race", "meanwhile").await;
        until_arrived_everywhere(&tab, "meanwhile").await;
        assert!(!stored(&bob).await.contains(&"kept".to_owned()));
        // A change of the network path does not bring the sender back.
        tab.click("#line summary").await;
        go_over(&tab, "two_servers").await;
        bob.say("race", "over both").await;
        until_arrived_everywhere(&tab, "over both").await;
        let before = stored(&bob).await;
        assert!(!before.contains(&"kept".to_owned()));
        let sent = before.iter().filter(|body| body.starts_with("Message "));
        let sent = sent.count() as u64;
        tab.click("#line summary").await;
        tab.click("[data-fault=sender]").await;
        until_arrived_everywhere(&tab, "kept").await;
        until_message(&tab, sent + 10).await;
        tab.click("#line summary").await;
        tab.click("#stream").await;
        bob.say("race", "the end").await;
        until_arrived_everywhere(&tab, "the end").await;
        check_lanes(&recording(&tab).await);
    })
    .await;
}

/// The bodies of all messages of the room.
async fn stored(bob: &User) -> Vec<String> {
    let read = bob.get("/api/rooms/race/messages?after=0&limit=500").await;
    let read: Value = read.json().await.unwrap();
    let messages = read["messages"].as_array().unwrap().iter();
    messages
        .map(|message| message["body"].as_str().unwrap().to_owned())
        .collect()
}

async fn readers_that_were_offline_catch_up_over_another_path_too() {
    trial("race-lines-readers", async |browser, server| {
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2&rate=10").await;
        tab.click("#stream").await;
        until_message(&tab, 5).await;
        for line in ["plain", "two_servers"] {
            go_over(&tab, line).await;
            until_more(&tab, 5).await;
            tab.click("#line summary").await;
            tab.click("[data-fault=offline]").await;
            for transport in Transport::ALL {
                tab.until_text(&pane(transport, ".pane-state"), "offline")
                    .await;
            }
            // The sender goes on meanwhile.
            let before = stored(&bob).await.len();
            until("the sender goes on", async || {
                stored(&bob).await.len() >= before + 15
            })
            .await;
            tab.click("[data-fault=offline]").await;
            tab.click("#line summary").await;
            until_message(&tab, before as u64 + 15).await;
        }
        tab.click("#stream").await;
        bob.say("race", "the end").await;
        until_arrived_everywhere(&tab, "the end").await;
        let recording = recording(&tab).await;
        check_lanes(&recording);
        // Catching up is seen: one response has brought many.
        let polls = &recording["lanes"]["long_poll"]["exchanges"];
        let most = polls.as_array().unwrap().iter();
        let most = most.map(|poll| poll[5].as_array().unwrap().len()).max();
        assert!(most.unwrap() >= 10, "{most:?}");
    })
    .await;
}

async fn a_guest_at_localhost_changes_the_path() {
    trial("race-lines-localhost", async |browser, server| {
        let tab = browser.tab().await;
        let port = server.address.rsplit(':').next().unwrap();
        let address = format!("http://localhost:{port}/race#interval=0.2&pace=poisson");
        tab.goto(&address).await;
        tab.click("#guest button").await;
        tab.until_racing().await;
        go_over(&tab, "two_servers").await;
        tab.until_racing().await;
        write(&tab, "as a guest").await;
        until_arrived_everywhere(&tab, "as a guest").await;
    })
    .await;
}

/// Serves one page to whoever asks, as another site does.
async fn foreign_site(html: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let length = html.len();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
            );
            let _ = stream.write_all(format!("{head}{html}").as_bytes()).await;
        }
    });
    format!("http://{address}/")
}

/// Hands a port to whichever window is given, as the race does to its frame, and notes what comes back.
const FOREIGN: &str = "<!doctype html><title>Elsewhere</title><script>
    window.heard = [];
    window.offer = (target) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => heard.push(data);
        target.postMessage('race', '*', [port2]);
        target.postMessage({ kind: 'event', id: 1, name: 'ended', values: ['signed-out'] }, '*');
    };
    window.addEventListener('message', ({ data }) => heard.push(data));
    </script>";

async fn a_foreign_origin_frames_no_line_and_its_messages_do_nothing() {
    trial("race-lines-foreign", async |browser, server| {
        browser.expect_errors(&["frame-ancestors", "Failed to load resource"]);
        let bob = enter(browser, server).await;
        let tab = browser.tab().await;
        for path in ["/line", "/race"] {
            check_unframed(&tab, server, path).await;
        }
        tab.goto(&foreign_site(FOREIGN.into()).await).await;
        for path in ["/line", "/race#interval=0.2&pace=poisson"] {
            let open = format!("window.target = window.open('{}')", server.url(path));
            tab.try_js(&open, Vec::new()).await.unwrap();
            let popup = Popup::newest(browser).await;
            let load = "document.readyState === 'complete'";
            popup.until(load).await;
            let count =
                "window.messages = 0; addEventListener('message', () => { messages += 1; })";
            popup.run(count).await;
            popup.leave(&tab).await;
            tab.value("offer(target)").await;
            let popup = Popup::newest(browser).await;
            popup.until("window.messages === 2").await;
            if path.starts_with("/race") {
                bob.say("race", "undisturbed").await;
                let arrived = "document.querySelectorAll('.arrivals .body').length === 4";
                popup.until(arrived).await;
            }
            popup.leave(&tab).await;
            assert_eq!(tab.value("heard.length").await, 0, "{path}");
        }
    })
    .await;
}

/// A page of another site can't frame this one: the browser shows it nothing of it.
async fn check_unframed(tab: &Tab<'_>, server: &Server, path: &str) {
    let url = server.url(path);
    let frame = format!(
        "<iframe src='{url}' onload='offer(this.contentWindow); window.isLoaded = true'></iframe>"
    );
    tab.goto(&foreign_site(format!("{FOREIGN}{frame}")).await)
        .await;
    tab.until("the frame has come to something", "window.isLoaded")
        .await;
    let told = tab.browser.console().await;
    let is_refused = told.iter().any(|entry| {
        let text = entry["message"].as_str().unwrap_or_default();
        text.contains("frame-ancestors") && text.contains(&server.address)
    });
    assert!(is_refused, "{url}: {told:?}");
    assert_eq!(tab.value("heard.length").await, 0);
}

/// The window that was opened last, which no tab of the test has made.
struct Popup<'b> {
    browser: &'b Browser,
}

impl<'b> Popup<'b> {
    async fn newest(browser: &'b Browser) -> Self {
        let windows = browser.driver.windows().await.unwrap();
        let newest = windows.last().unwrap().clone();
        browser
            .driver
            .switch_to_window(newest.clone())
            .await
            .unwrap();
        browser.current.replace(newest);
        Popup { browser }
    }

    async fn run(&self, script: &str) -> Value {
        let returned = self.browser.driver.execute(script, Vec::new()).await;
        returned.unwrap().json().clone()
    }

    async fn until(&self, condition: &str) {
        until(condition, async || {
            self.run(&format!("return Boolean({condition})")).await == true
        })
        .await;
    }

    /// Goes back to `tab`.
    async fn leave(self, tab: &Tab<'_>) {
        tab.driver().await.unwrap();
    }
}

async fn only_this_servers_ports_of_this_host_are_lines() {
    trial("race-lines-origins", async |browser, server| {
        let tab = browser.tab().await;
        tab.goto(&server.url("/line")).await;
        let script = "return import('/static/shared/line-origins.js').then(async ({ isOfLine, originOf }) => {
                const { lines } = await (await fetch('/server.json')).json();
                const { port } = location;
                return {
                    own: lines.every((line) => isOfLine(originOf(line), lines)) && isOfLine(location.origin, lines),
                    foreign: [`https://127.0.0.1:${port}`, `http://localhost:${port}`, 'http://127.0.0.1:1', 'http://127.0.0.1',
                        `http://evil.example:${port}`, `http://127.0.0.1.evil.example:${port}`, 'null', '']
                        .filter((origin) => isOfLine(origin, lines)),
                };
            })";
        let found = tab.try_js(script, Vec::new()).await.unwrap();
        assert_eq!(found, json!({ "own": true, "foreign": [] }));
    })
    .await;
}

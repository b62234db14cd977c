//! What the chat asks for when it is opened, how much of it comes over the wire, and how long it takes.

use std::collections::BTreeSet;

use harness::browser::{Browser, Requested, Tab, recorded_trial, trial};
use harness::{Options, Server};
use serde_json::Value;

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    a_cold_chat_takes_few_requests_and_bytes,
    a_warm_chat_asks_for_its_page_and_no_asset,
    nothing_is_asked_for_twice
];
/// Run only on request: a time says little on a busy machine.
pub const MEASUREMENTS: &[Test] = tests![how_long_a_chat_behind_the_link_takes];

const MOST_REQUESTS: usize = 20;
const MOST_BYTES: u64 = 80_000;
const ROUNDS: usize = 15;

/// The requests that reached the server.
fn sent(requests: Vec<Requested>) -> Vec<Requested> {
    let is_sent = |request: &Requested| !request.is_cached && request.url.contains("://127.0.0.1");
    requests.into_iter().filter(is_sent).collect()
}

/// Alice's tab with the lobby, live, in which there are messages; and what it asked for.
async fn open_chat<'b>(browser: &'b Browser, server: &Server) -> (Tab<'b>, Vec<Requested>) {
    server.user("bob").await.say_many("lobby", 30).await;
    let alice = server.user("alice").await;
    browser.sign_in_as(server, &alice).await;
    browser.network().await;
    let tab = browser.enter(server, "lobby", "alice").await;
    tab.until_seq(30).await;
    until_quiet(&tab).await;
    let requests = sent(browser.network().await);
    (tab, requests)
}

/// Waits until what was asked for has come.
async fn until_quiet(tab: &Tab<'_>) {
    tab.until_visible("#people [data-username=alice]").await;
    tab.until("it is loaded", "document.readyState === 'complete'")
        .await;
}

async fn a_cold_chat_takes_few_requests_and_bytes() {
    recorded_trial("weight-cold", async |browser, server| {
        let (_tab, requests) = open_chat(browser, server).await;
        let bytes: u64 = requests.iter().map(|request| request.bytes).sum();
        println!("cold: {} requests, {bytes} bytes", requests.len());
        assert!(requests.len() <= MOST_REQUESTS, "{requests:#?}");
        assert!(bytes <= MOST_BYTES, "{bytes}: {requests:#?}");
    })
    .await;
}

async fn a_warm_chat_asks_for_its_page_and_no_asset() {
    recorded_trial("weight-warm", async |browser, server| {
        let (tab, cold) = open_chat(browser, server).await;
        let assets = |requests: &[Requested]| {
            let assets = requests.iter().filter(|it| it.url.contains("/assets/"));
            assets.count()
        };
        assert!(assets(&cold) > 0, "{cold:#?}");
        tab.goto("about:blank").await;
        browser.network().await;
        tab.goto(&server.url("/rooms/lobby?as=alice")).await;
        tab.until_live().await;
        until_quiet(&tab).await;
        let warm = sent(browser.network().await);
        let bytes: u64 = warm.iter().map(|request| request.bytes).sum();
        println!("warm: {} requests, {bytes} bytes", warm.len());
        assert!(warm[0].url.contains("/rooms/lobby"), "{warm:#?}");
        assert_eq!(assets(&warm), 0, "{warm:#?}");
    })
    .await;
}

async fn nothing_is_asked_for_twice() {
    recorded_trial("weight-once", async |browser, server| {
        let (_tab, requests) = open_chat(browser, server).await;
        let urls: BTreeSet<_> = requests.iter().map(|request| &request.url).collect();
        assert_eq!(urls.len(), requests.len(), "{requests:#?}");
    })
    .await;
}

/// When, in ms since the address was opened, the messages were there and could be answered; and when what is
/// new began to come.
const READY: &str = "return new Promise((resolve) => {
    let ready;
    const look = () => {
        const isReady = document.querySelector('#messages [data-seq]') && document.activeElement?.id === 'message-box';
        if (isReady) ready ??= performance.now();
        const isLive = document.querySelector('#status[data-state=live]');
        if (ready && isLive) resolve([ready, performance.now()]);
        else requestAnimationFrame(look);
    };
    look();
})";

async fn how_long_a_chat_behind_the_link_takes() {
    trial("weight-link", async |browser, server| {
        *server = Server::start_with(Options::with(&["--link", "40ms"])).await;
        let alice = server.user("alice").await;
        server.user("bob").await.say_many("lobby", 30).await;
        browser.sign_in_as(server, &alice).await;
        let behind = server.behind_link.clone().unwrap();
        let address = format!("http://{behind}/rooms/lobby?as=alice");
        let tab = browser.tab().await;
        let cold = rounds(browser, &tab, &address, true).await;
        let warm = rounds(browser, &tab, &address, false).await;
        println!("behind 40 ms each way, medians of {ROUNDS}, ms: messages and composer, live");
        println!("cold {cold:?}, warm {warm:?}");
    })
    .await;
}

/// The medians of [`READY`].
async fn rounds(browser: &Browser, tab: &Tab<'_>, address: &str, cold: bool) -> [f64; 2] {
    let mut all = Vec::new();
    for _ in 0..ROUNDS {
        if cold {
            browser
                .devtools("Network.clearBrowserCache", serde_json::json!({}))
                .await;
        }
        tab.goto("about:blank").await;
        tab.goto(address).await;
        let times: Value = tab.try_js(READY, Vec::new()).await.unwrap();
        all.push([0, 1].map(|index| times[index].as_f64().unwrap()));
    }
    [0, 1].map(|index| {
        let mut times: Vec<_> = all.iter().map(|each| each[index]).collect();
        times.sort_by(f64::total_cmp);
        times[ROUNDS / 2].round()
    })
}

//! Records what Chromium sends for this chat's page: the head of a poll, of an event stream and of a
//! WebSocket's handshake.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures_util::FutureExt;
use protocol::Transport;

use super::{Browser, relay::Relay};
use crate::PinnedServer;

/// What is recorded: over which transport, by which part of the request line it is told from all
/// else that the page asks for, and the name of its file.
const RECORDED: [(Transport, &str, &str); 3] = [
    (Transport::ShortPoll, "interval=", "fetch.txt"),
    (Transport::Sse, "/events?", "event-source.txt"),
    (Transport::WebSocket, "/ws?", "websocket.txt"),
];

/// Their values belong to one run, and the lab puts those of its own trial in their place.
const OF_THE_RUN: [&str; 5] = ["Host", "Cookie", "Sec-WebSocket-Key", "Origin", "Referer"];

/// Drives the page of a server of its own; a file's name and what belongs in it, for each kind of
/// request.
pub async fn record() -> Vec<(&'static str, String)> {
    let server = PinnedServer::start(&["--database", ":memory:"]);
    let relay = Relay::start(server.address.clone()).await;
    let browser = Browser::open().await;
    let recording = AssertUnwindSafe(go_through(&browser, &relay)).catch_unwind();
    let heads = recording.await;
    // Whatever happened: Chromium would outlive its driver.
    browser.close().await;
    heads.unwrap_or_else(|panic| resume_unwind(panic))
}

/// Makes an account on the page, and goes through the transports.
async fn go_through(browser: &Browser, relay: &Relay) -> Vec<(&'static str, String)> {
    let tab = browser.tab().await;
    tab.goto(&format!("http://{}/rooms/lobby", relay.address))
        .await;
    let account = [("username", "student"), ("password", "correct horse")];
    tab.submit("#sign-up", &account).await;
    let mut heads = Vec::new();
    for (transport, part, file) in RECORDED {
        let slug = transport.slug();
        tab.click(&format!("input[name=transport][value={slug}]"))
            .await;
        let live = format!("#status[data-transport={slug}][data-state=live]");
        tab.until_visible(&live).await;
        let head = relay.newest(part).expect("a live page has asked");
        heads.push((file, normal(&head)));
    }
    heads
}

/// The head without what belongs to one run, a line each.
fn normal(head: &str) -> String {
    let line = |line: &str| match line.split_once(": ") {
        Some((name, _)) if OF_THE_RUN.contains(&name) => format!("{name}: -\n"),
        Some(_) => format!("{}\n", as_with_a_screen(line)),
        None => format!("{}\n", without_query(line)),
    };
    head.lines().map(line).collect()
}

/// A request line, its query left out: what the page asks for is its own, and so is its tab's name.
fn without_query(line: &str) -> String {
    let (before, after) = line.split_once('?').unwrap_or((line, ""));
    match after.split_once(' ') {
        Some((_, version)) => format!("{before} {version}"),
        None => before.to_owned(),
    }
}

/// A browser without a screen calls itself HeadlessChrome. With one, the same build says Chrome.
fn as_with_a_screen(line: &str) -> String {
    line.replace("HeadlessChrome", "Chrome")
}

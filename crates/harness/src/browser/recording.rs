//! Records the header sections of Chromium's requests for the chat's page: of a poll, of an event
//! stream and of a WebSocket's handshake.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures_util::FutureExt;
use protocol::Transport;

use super::{Browser, relay::Relay};
use crate::PinnedServer;

/// The requests to record: the transport, a part of the request line by which it is recognised, and
/// the name of the file.
const RECORDED: [(Transport, &str, &str); 3] = [
    (Transport::ShortPoll, "interval=", "fetch.txt"),
    (Transport::Sse, "/events?", "event-source.txt"),
    (Transport::WebSocket, "/ws?", "websocket.txt"),
];

/// Fields whose values differ in each run; the lab replaces them by those of its trial.
const RUN_SPECIFIC: [&str; 5] = ["Host", "Cookie", "Sec-WebSocket-Key", "Origin", "Referer"];

/// Starts a server, drives its page, and returns the file name and the content for each request.
pub async fn record() -> Vec<(&'static str, String)> {
    let server = PinnedServer::start(&["--database", ":memory:"]);
    let relay = Relay::start(server.address.clone()).await;
    let browser = Browser::open().await;
    let recording = AssertUnwindSafe(visit_transports(&browser, &relay)).catch_unwind();
    let sections = recording.await;
    // Also after a panic, because Chromium would outlive its driver.
    browser.close().await;
    sections.unwrap_or_else(|panic| resume_unwind(panic))
}

/// Creates an account on the page, and chooses each transport.
async fn visit_transports(browser: &Browser, relay: &Relay) -> Vec<(&'static str, String)> {
    let tab = browser.tab().await;
    tab.goto(&format!("http://{}/rooms/lobby", relay.address))
        .await;
    let account = [("username", "student"), ("password", "correct horse")];
    tab.submit("#sign-up", &account).await;
    let mut sections = Vec::new();
    for (transport, part, file) in RECORDED {
        let slug = transport.slug();
        tab.click(&format!("input[name=transport][value={slug}]"))
            .await;
        let live = format!("#status[data-transport={slug}][data-state=live]");
        tab.until_visible(&live).await;
        let section = relay.newest(part).expect("a live page has sent a request");
        sections.push((file, normalised(&section)));
    }
    sections
}

/// The header section without run-specific values, one field a line.
fn normalised(section: &str) -> String {
    let line = |line: &str| match line.split_once(": ") {
        Some((name, _)) if RUN_SPECIFIC.contains(&name) => format!("{name}: -\n"),
        Some(_) => format!("{}\n", without_headless(line)),
        None => format!("{}\n", without_query(line)),
    };
    section.lines().map(line).collect()
}

/// The request line without its query, which is specific to the page and its tab.
fn without_query(line: &str) -> String {
    let (before, after) = line.split_once('?').unwrap_or((line, ""));
    match after.split_once(' ') {
        Some((_, version)) => format!("{before} {version}"),
        None => before.to_owned(),
    }
}

/// A headless browser names itself HeadlessChrome; with a screen, the same build names itself
/// Chrome.
fn without_headless(line: &str) -> String {
    line.replace("HeadlessChrome", "Chrome")
}

//! Records what Chromium sends for this chat's page: the head of a poll, of an event stream and of
//! a WebSocket's handshake. `scripts/record-headers` builds and runs it; the lab sends what it wrote
//! as its `browser` headers.

mod browser;
#[path = "../../benches/support/mod.rs"]
mod load;
mod recorder;
mod support;

use std::{
    fs, io,
    panic::{AssertUnwindSafe, resume_unwind},
    path::Path,
};

use futures_util::FutureExt;
use load::{Server, binary};
use pushlab::wire::Transport;

use browser::Browser;
use recorder::Recorder;

/// What is recorded: over which transport, by which part of the request line it is told from all
/// else that the page asks for, and the name of its file.
const RECORDED: [(Transport, &str, &str); 3] = [
    (Transport::ShortPoll, "interval=", "fetch.txt"),
    (Transport::Sse, "/events?", "event-source.txt"),
    (Transport::WebSocket, "/ws?", "websocket.txt"),
];

/// Their values belong to one run, and the lab puts those of its own trial in their place.
const OF_THE_RUN: [&str; 5] = ["Host", "Cookie", "Sec-WebSocket-Key", "Origin", "Referer"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let binary = binary();
    let server = Server::start(&binary.to_string_lossy(), &["--database", ":memory:"]);
    let recorder = Recorder::start(server.address.clone()).await?;
    let browser = Browser::open().await;
    let recording = AssertUnwindSafe(record(&browser, &recorder)).catch_unwind();
    let heads = recording.await;
    // Whatever happened: Chromium would outlive its driver.
    browser.close().await;
    heads.unwrap_or_else(|panic| resume_unwind(panic))
}

/// Makes an account on the page, goes through the transports, and writes a file for each.
async fn record(browser: &Browser, recorder: &Recorder) -> io::Result<()> {
    let tab = browser.tab().await;
    tab.goto(&format!("http://{}/", recorder.address)).await;
    let account = [("username", "student"), ("password", "correct horse")];
    tab.submit("#sign-up", &account).await;
    for (transport, part, file) in RECORDED {
        let slug = transport.slug();
        tab.click(&format!("input[name=transport][value={slug}]"))
            .await;
        let live = format!("#status[data-transport={slug}][data-state=live]");
        tab.until_visible(&live).await;
        let head = recorder.newest(part).expect("a live page has asked");
        write(file, &normal(&head))?;
    }
    Ok(())
}

fn write(file: &str, head: &str) -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lab/receivers/recorded");
    fs::write(folder.join(file), head)?;
    println!("{file}: {} headers", head.lines().count() - 1);
    Ok(())
}

/// The head without what belongs to one run, a line each.
fn normal(head: &str) -> String {
    let line = |line: &str| match line.split_once(": ") {
        Some((name, _)) if OF_THE_RUN.contains(&name) => format!("{name}: -\n"),
        _ => format!("{}\n", as_with_a_screen(line)),
    };
    head.lines().map(line).collect()
}

/// A browser without a screen calls itself HeadlessChrome. With one, the same build says Chrome.
fn as_with_a_screen(line: &str) -> String {
    line.replace("HeadlessChrome", "Chrome")
}

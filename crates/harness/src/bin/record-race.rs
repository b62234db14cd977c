//! Makes the recorded race anew that runs where nobody is signed in, and which the guided opening tells of: one message
//! behind a link with 40 ms each way. `scripts/record-race` builds and runs it.

use std::{fs, path::Path};

use harness::{
    Options, Server,
    browser::{Browser, Tab, keys},
};

/// Short polls that came back empty before the message is sent, and that come back after it.
const POLLS: usize = 3;

const HEAD: &str = "// A recorded race, which runs where nobody is signed in, and which the guided opening tells of: one message behind a
// link with 40 ms each way. scripts/record-race makes it anew.
";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let server = Server::start_with(Options::with(&["--link", "40ms"])).await;
    let browser = Browser::open().await;
    let tab = browser.tab().await;
    let address = server.behind_link.as_deref().expect("it has a link");
    tab.goto(&format!("http://{address}/race#interval=2&wait=25"))
        .await;
    tab.until_visible("#guest button").await;
    tab.click("#guest button").await;
    tab.until_racing().await;
    until_polled(&tab, POLLS).await;
    // Somewhere in the middle of the pause: most of what the message waits for is still to come.
    tokio::time::sleep(std::time::Duration::from_millis(750)).await;
    tab.keys("#body", &format!("Hello, all four{}", keys::ENTER))
        .await;
    until_polled(&tab, POLLS).await;
    let recording = recording(&tab).await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static/race/record/sample.js");
    fs::write(
        &path,
        format!("{HEAD}\nexport const SAMPLE = JSON.parse(`{recording}`);\n"),
    )
    .expect("it is written");
    println!("static/race/record/sample.js: run scripts/bundle-pages");
    browser.close().await;
}

/// Waits for so many more short polls.
async fn until_polled(tab: &Tab<'_>, count: usize) {
    let polls = "performance.getEntriesByType('resource')
        .filter(({ name }) => name.includes('/messages?') && !name.includes('wait')).length";
    let before = tab.value(polls).await.as_u64().expect("a count");
    let condition = format!("{polls} >= {}", before + count as u64);
    tab.until("the short poll has asked", &condition).await;
}

/// What the page saves, of the last twelve seconds.
async fn recording(tab: &Tab<'_>) -> String {
    let save = "window.kept = null;
        const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => { blob.text().then((text) => { kept = text; }); return make(blob); };
        const zoom = document.querySelector('#zoom');
        zoom.value = 21;
        zoom.dispatchEvent(new Event('input'));
        [...document.querySelectorAll('#keep button')].find(({ textContent }) => textContent === 'Save this race').click();";
    tab.try_js(save, Vec::new()).await.expect("it is saved");
    tab.until("it is made", "kept !== null").await;
    tab.value("kept").await.as_str().expect("a text").to_owned()
}

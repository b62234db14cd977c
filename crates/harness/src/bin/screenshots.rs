//! Makes the pictures of the README: the chat, the race, the inspector. `scripts/screenshots` builds
//! and runs it.

use std::path::{Path, PathBuf};

use harness::{
    Server, User,
    browser::{Browser, Tab, pane},
    user::PASSWORD,
};
use protocol::Transport;
use serde_json::json;

/// Pixels; a README is read about this wide.
const WIDTH: u32 = 1280;
const HEIGHT: u32 = 760;

const CONVERSATION: [(&str, &str); 4] = [
    (
        "grace",
        "Does this page keep asking the server for changes?",
    ),
    ("alan", "Mine does: short polling, every two seconds."),
    ("grace", "Mine is told. A WebSocket, 40 ms away."),
    ("alan", "Same room, same messages, in the same order."),
];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let server = Server::start().await;
    let ada = sign_up(&server, "Ada").await;
    let others = [
        sign_up(&server, "Grace").await,
        sign_up(&server, "Alan").await,
    ];
    let browser = Browser::open().await;
    browser.sign_in_as(&server, &ada).await;
    for (name, body) in CONVERSATION {
        speaker(&others, name).say("lobby", body).await;
    }
    chat(&browser, &server).await;
    race(&browser, &server).await;
    browser.close().await;
}

async fn sign_up(server: &Server, display_name: &str) -> User {
    let username = display_name.to_lowercase();
    let mut user = User::nobody(server);
    user.name.clone_from(&username);
    let account =
        json!({ "username": username, "display_name": display_name, "password": PASSWORD });
    let response = user.post("/api/accounts", account).await;
    assert_eq!(response.status(), 201, "an account for {username}");
    user
}

fn speaker<'u>(users: &'u [User], name: &str) -> &'u User {
    let found = users.iter().find(|user| user.name == name);
    found.expect("an account for each speaker")
}

/// The chat over a WebSocket, and how one of its messages got here.
async fn chat(browser: &Browser, server: &Server) {
    let tab = browser.enter(server, "lobby", "ada").await;
    tab.screen(WIDTH, HEIGHT).await;
    tab.choose(Transport::WebSocket).await;
    tab.say("And nothing was lost when I changed the transport.")
        .await;
    let said = tab
        .until_shown("And nothing was lost when I changed the transport.")
        .await;
    keep(&tab, "chat.png").await;
    let seq = said.seq.expect("it is stored");
    tab.click(&format!("#messages > [data-seq='{seq}'] button"))
        .await;
    tab.until_visible("dialog.inspector figure").await;
    keep(&tab, "inspector.png").await;
}

/// The race, with a stream of messages that has run for a while.
async fn race(browser: &Browser, server: &Server) {
    let tab = browser.race(server, "rate=1").await;
    tab.screen(WIDTH, HEIGHT).await;
    tab.click("#stream").await;
    for transport in Transport::ALL {
        let figure = pane(transport, "[data-figure=p95]");
        let condition = format!("/\\d/.test(document.querySelector(`{figure}`)?.textContent)");
        tab.until("each pane has its figures", &condition).await;
    }
    let arrivals = pane(Transport::ShortPoll, ".arrivals button");
    let several = format!("document.querySelectorAll(`{arrivals}`).length >= 8");
    tab.until("short polling has brought several messages", &several)
        .await;
    keep(&tab, "race.png").await;
}

async fn keep(tab: &Tab<'_>, file: &str) {
    let path = folder().join(file);
    let driver = tab.driver().await.expect("the tab is open");
    driver.screenshot(&path).await.expect("a picture");
    println!("docs/{file}");
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

//! Presence: who is in the room, over which transport, and who is typing; joining and leaving.

use harness::browser::{Tab, keys, trial};
use protocol::Transport;
use serde_json::json;

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![an_account_with_several_tabs_joins_once_and_leaves_once];

async fn an_account_with_several_tabs_joins_once_and_leaves_once() {
    trial("presence", async |browser, server| {
        let user = server.user("alice").await;
        user.sign_up("bob").await;
        browser.sign_in_as(server, &user).await;
        let alice = browser.enter(server, "lobby", "alice").await;
        until_here(&alice, "alice", &["websocket"]).await;
        let first = browser.enter(server, "lobby", "bob").await;
        first.choose(Transport::Sse).await;
        let second = browser.enter(server, "lobby", "bob").await;
        until_here(&alice, "bob", &["sse", "websocket"]).await;
        until_here(&second, "alice", &["websocket"]).await;
        until_notices(&alice, 1, 0).await;

        type_and_send(&second, &alice).await;
        second.close().await;
        until_here(&alice, "bob", &["sse"]).await;
        // A change of transport is no leaving either.
        first.choose(Transport::WebSocket).await;
        until_here(&alice, "bob", &["websocket"]).await;
        first.close().await;
        let gone = "!document.querySelector('#people [data-username=bob]')";
        alice.until("Bob is gone", gone).await;
        until_notices(&alice, 1, 1).await;
        // A page does not show notices about its own account.
        let about_me = "document.querySelectorAll('.notice[data-username=alice]').length";
        assert_eq!(alice.value(about_me).await, 0);
    })
    .await;
}

/// Types as Bob: Alice sees that while he types.
async fn type_and_send(bob: &Tab<'_>, alice: &Tab<'_>) {
    bob.write("well").await;
    let typing = "document.querySelector('#people [data-username=bob][data-typing]')
        && document.querySelector('#typing').textContent.includes('BOB ✓')";
    alice.until("Bob is seen typing", typing).await;
    bob.keys_anywhere(keys::ENTER).await;
    alice.until_shown("well").await;
    alice
        .until("Bob types no more", &format!("!({typing})"))
        .await;
}

async fn until_here(tab: &Tab<'_>, name: &str, transports: &[&str]) {
    let what = format!("{name} is here over {transports:?}");
    let condition = "document.querySelector(`#people [data-username=${arguments[0]}]`)
        ?.dataset.transports.split(' ').sort().join(' ') === arguments[1].sort().join(' ')";
    tab.until_with(&what, condition, vec![json!(name), json!(transports)])
        .await;
}

/// Waits until this number of notices says that Bob joined and left.
async fn until_notices(tab: &Tab<'_>, joined: usize, left: usize) {
    let count = |kind: &str| {
        format!(
            "document.querySelectorAll('#messages .notice[data-notice={kind}][data-username=bob]').length"
        )
    };
    let condition = format!(
        "{} === {joined} && {} === {left}",
        count("join"),
        count("leave")
    );
    tab.until(&format!("{joined} joined and {left} left"), &condition)
        .await;
}

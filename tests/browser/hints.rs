//! What a newcomer is told to try first.

use harness::browser::trial;
use serde_json::json;

use crate::{Test, accessibility, tests};

pub const TESTS: &[Test] = tests![hints_are_shown_until_the_first_own_message];

async fn hints_are_shown_until_the_first_own_message() {
    trial("hints", async |browser, server| {
        let bob = server.user("bob").await;
        bob.say("lobby", "somebody was here").await;
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        for hint in ["Open a second tab", "Add another account", "Try the race"] {
            tab.until_text("#hints", hint).await;
        }
        accessibility::check(&tab, "chat with hints").await;
        tab.click("#hint-account").await;
        tab.until_visible("#sign-up").await;
        tab.click("#gate-cancel").await;
        let link = "document.querySelector('#hint-tab').getAttribute('href')";
        assert_eq!(tab.value(link).await, "/rooms/lobby?as=alice");

        tab.say("now me").await;
        tab.until_shown("now me").await;
        tab.until_hidden("#hints").await;
        bob.say("lobby", "welcome").await;
        tab.until_shown("welcome").await;
        tab.reload().await;
        tab.until_live().await;
        assert!(!tab.is_visible("#hints").await.unwrap());

        bob.post("/api/rooms", json!({ "name": "garden" })).await;
        let empty = browser.enter(server, "garden", "alice").await;
        empty.until_visible("#hints").await;
    })
    .await;
}

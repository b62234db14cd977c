//! Going offline and online again while the server keeps running.

use harness::browser::{Browser, Tab, check_shown_as_stored, trial};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![a_message_that_cannot_be_sent_waits_and_is_stored_once];

async fn a_message_that_cannot_be_sent_waits_and_is_stored_once() {
    trial("offline", async |browser, server| {
        browser.expect_outage();
        let user = server.user("alice").await;
        browser.sign_in_as(server, &user).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        set_offline(browser, true).await;
        tab.until_visible("#status[data-state=offline]").await;
        tab.until_text("#status", "offline").await;
        leave_waiting(&tab, &["lost on the way", "its answer was lost"]).await;
        // The server has stored one of them, but the page has no acknowledgement.
        let arrived = json!({ "body": "its answer was lost", "key": last_key(&tab).await });
        assert_eq!(user.post_message("lobby", arrived).await.status(), 201);

        set_offline(browser, false).await;
        tab.until_live().await;
        assert_eq!(tab.until_shown("its answer was lost").await.seq, Some(1));
        assert_eq!(tab.until_shown("lost on the way").await.seq, Some(2));
        tab.until_hidden("#messages > [data-key]").await;
        tab.until_hidden("#messages .withdraw").await;
        check_shown_as_stored(&tab, &user, "lobby").await;
        assert_eq!(tab.newest().await, 2, "each is stored once");
    })
    .await;
}

/// Sends these messages, and waits until the page tells that they wait.
async fn leave_waiting(tab: &Tab<'_>, texts: &[&str]) {
    for text in texts {
        tab.say(text).await;
    }
    let pending = |state: &str| format!("#messages > [data-key][data-state={state}]");
    tab.until_visible(&pending("sending")).await;
    tab.until_hidden(&pending("sending")).await;
    tab.until_visible(&format!("{} .withdraw", pending("waiting")))
        .await;
    assert_eq!(tab.shown().await.len(), texts.len());
}

async fn last_key(tab: &Tab<'_>) -> Value {
    let key = "[...document.querySelectorAll('#messages > [data-key]')].at(-1).dataset.key";
    tab.value(key).await
}

async fn set_offline(browser: &Browser, offline: bool) {
    let conditions =
        json!({ "network_conditions": { "offline": offline, "latency": 0, "throughput": -1 } });
    browser
        .raw(
            Method::POST,
            "/chromium/network_conditions",
            Some(conditions),
        )
        .await;
}

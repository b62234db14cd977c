//! The browser's limit of six HTTP/1.1 connections to one address.

use harness::browser::{Tab, trial};
use protocol::Transport;

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![the_page_warns_before_its_connections_run_out];

async fn the_page_warns_before_its_connections_run_out() {
    trial("connections", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let mut tabs: Vec<Tab> = Vec::new();
        for count in 1..=5 {
            let tab = browser.enter(server, "lobby", "alice").await;
            tab.choose(Transport::Sse).await;
            if count < 5 {
                assert!(
                    !tab.is_visible("#connection-notice").await.unwrap(),
                    "{count} are not many"
                );
            }
            tabs.push(tab);
        }
        for tab in &tabs {
            tab.until_visible("#connection-notice").await;
        }
        tabs[4].say("there is one left for this").await;
        for tab in &tabs {
            tab.until_shown("there is one left for this").await;
        }
        one_too_many(&browser.enter(server, "lobby", "alice").await).await;
        tabs.pop().unwrap().close().await;
        tabs[0].until_hidden("#connection-notice").await;
    })
    .await;
}

/// A sixth stream would block all other requests: the page does not open it, and shows why.
async fn one_too_many(tab: &Tab<'_>) {
    tab.click("input[name=transport][value=sse]").await;
    tab.until_visible("#status[data-transport=sse][data-state=connecting]")
        .await;
    tab.until_visible("#connection-notice").await;
    tab.say("from the sixth").await;
    // This request uses the connection that is kept free.
    tab.until_sent("from the sixth").await;
    tab.click("#use-another").await;
    tab.until_visible("#status[data-transport=websocket][data-state=live]")
        .await;
    tab.until_shown("from the sixth").await;
}

//! "Auto": it tries the transports, and uses the best one that works.

use harness::Server;
use harness::browser::{Browser, Tab, check_shown_as_stored, keep_writing, trial};
use protocol::Transport;
use serde_json::Value;

use crate::{Test, filtering_proxy::FilteringProxy, tests};

pub const TESTS: &[Test] = tests![
    it_falls_back_and_recovers_without_losing_messages,
    a_better_transport_is_tried_from_time_to_time,
    behind_a_buffering_proxy_it_uses_long_polling,
    an_unreachable_server_changes_no_transport
];

const NO_SOCKETS: &[&str] = &["/ws?"];
const NO_PUSH: &[&str] = &["/ws?", "/events?"];
const ONLY_SHORT_POLLS: &[&str] = &["/ws?", "/events?", "wait="];

async fn it_falls_back_and_recovers_without_losing_messages() {
    trial("auto", async |browser, server| {
        browser.expect_outage();
        let proxy = FilteringProxy::start(server).await;
        let bob = server.user("bob").await;
        let tab = enter_through(browser, server, &proxy).await;
        let writer = keep_writing(bob.clone());
        until_used(&tab, Transport::WebSocket).await;
        tab.until_text("#auto-now", "the best one").await;
        tab.until_text("#status", "Auto").await;

        for (blocked, best) in [
            (NO_SOCKETS, Transport::Sse),
            (NO_PUSH, Transport::LongPoll),
            (ONLY_SHORT_POLLS, Transport::ShortPoll),
        ] {
            proxy.block(blocked);
            until_used(&tab, best).await;
        }
        for (blocked, best) in [
            (NO_PUSH, Transport::LongPoll),
            (NO_SOCKETS, Transport::Sse),
            (&[], Transport::WebSocket),
        ] {
            proxy.block(blocked);
            tab.click("#auto-try").await;
            until_used(&tab, best).await;
        }
        let failed = "#auto-attempts [data-transport=websocket][data-outcome=failed]";
        tab.until_visible(failed).await;
        tab.until_text(failed, "no connection came about").await;

        writer.abort();
        let _ = writer.await;
        bob.say("lobby", "the end").await;
        tab.until_shown("the end").await;
        check_shown_as_stored(&tab, &bob, "lobby").await;
    })
    .await;
}

async fn a_better_transport_is_tried_from_time_to_time() {
    trial("auto-climbs", async |browser, server| {
        browser.expect_outage();
        let proxy = FilteringProxy::start(server).await;
        proxy.block(NO_SOCKETS);
        let tab = enter_through(browser, server, &proxy).await;
        until_used(&tab, Transport::Sse).await;
        tab.until_text("#auto-now", "Trying a better one in").await;
        proxy.block(&[]);
        until_used(&tab, Transport::WebSocket).await;
    })
    .await;
}

async fn behind_a_buffering_proxy_it_uses_long_polling() {
    trial("auto-buffering", async |browser, server| {
        browser.expect_errors(&["WebSocket connection to 'ws:", "net::ERR_"]);
        let told: Value = server.get("/server.json").await.json().await.unwrap();
        let lines = told["lines"].as_array().unwrap();
        let line = lines.iter().find(|line| line["slug"] == "buffering");
        let port = &line.unwrap()["port"];
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.tab().await;
        let url = format!("http://127.0.0.1:{port}/rooms/lobby?as=alice");
        tab.goto(&url).await;
        tab.click("input[name=transport][value=auto]").await;
        until_used(&tab, Transport::LongPoll).await;
        tab.until_text(
            "#auto-attempts [data-transport=sse]",
            "nothing came through",
        )
        .await;
        let here = "#lines [data-line=buffering][aria-current]";
        tab.until_visible(here).await;
    })
    .await;
}

async fn an_unreachable_server_changes_no_transport() {
    trial("auto-away", async |browser, server| {
        browser.expect_outage();
        let proxy = FilteringProxy::start(server).await;
        let tab = enter_through(browser, server, &proxy).await;
        until_used(&tab, Transport::WebSocket).await;
        proxy.block(&["/"]);
        tab.until_visible("#status[data-state=offline]").await;
        let why = "document.querySelector('#status').title === 'The server can’t be reached.'";
        tab.until("the status says why", why).await;
        proxy.block(&[]);
        until_used(&tab, Transport::WebSocket).await;
        let others =
            "document.querySelectorAll('#auto-attempts li:not([data-transport=websocket])').length";
        assert_eq!(tab.value(others).await, 0, "no other transport was tried");
    })
    .await;
}

/// Alice in the lobby, with "Auto" chosen.
async fn enter_through<'b>(
    browser: &'b Browser,
    server: &Server,
    proxy: &FilteringProxy,
) -> Tab<'b> {
    browser
        .sign_in_as(server, &server.user("alice").await)
        .await;
    let tab = browser.tab().await;
    tab.goto(&proxy.url("/rooms/lobby?as=alice")).await;
    tab.click("input[name=transport][value=auto]").await;
    tab
}

/// Waits until messages arrive over this transport.
async fn until_used(tab: &Tab<'_>, transport: Transport) {
    let slug = transport.slug();
    let used = format!("#status[data-transport={slug}][data-state=live]");
    tab.until_visible(&used).await;
    tab.until_text("#auto-now", &format!("Using {}", transport.name()))
        .await;
    let own = format!("over {slug} after {}", tab.newest().await);
    tab.say(&own).await;
    tab.until_shown(&own).await;
    let brought = format!("#messages > :nth-last-child(-n + 20) .how[data-transport={slug}]");
    tab.until_visible(&brought).await;
}

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
    a_fault_that_it_would_cure_is_told,
    an_unreachable_server_is_no_fault_that_it_would_cure,
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

/// Alice in the lobby, behind the proxy that buffers.
async fn enter_buffered<'b>(browser: &'b Browser, server: &Server) -> Tab<'b> {
    browser.expect_errors(&["WebSocket connection to 'ws:", "net::ERR_"]);
    let told: Value = server.get("/server.json").await.json().await.unwrap();
    let lines = told["lines"].as_array().unwrap();
    let line = lines.iter().find(|line| line["slug"] == "buffering");
    let port = &line.unwrap()["port"];
    let alice = server.user("alice").await;
    browser.sign_in_as(server, &alice).await;
    let tab = browser.tab().await;
    let url = format!("http://127.0.0.1:{port}/rooms/lobby?as=alice");
    tab.goto(&url).await;
    tab
}

async fn a_fault_that_it_would_cure_is_told() {
    trial("auto-told", async |browser, server| {
        let tab = enter_buffered(browser, server).await;
        tab.until_text("#fault-notice", "WebSocket does not get through here")
            .await;
        tab.click("input[name=transport][value=long_poll]").await;
        tab.until_visible("#status[data-transport=long_poll][data-state=live]")
            .await;
        tab.until_hidden("#fault-notice").await;
        tab.click("input[name=transport][value=sse]").await;
        tab.until_text("#fault-notice", "it is open, but nothing comes")
            .await;
        tab.click("#use-auto").await;
        tab.until_hidden("#fault-notice").await;
        let focused = "document.activeElement.id";
        assert_eq!(tab.value(focused).await, "message-box");
        until_used(&tab, Transport::LongPoll).await;
        assert!(!tab.is_visible("#fault-notice").await.unwrap());
    })
    .await;
}

async fn an_unreachable_server_is_no_fault_that_it_would_cure() {
    trial("auto-not-told", async |browser, server| {
        browser.expect_outage();
        let proxy = FilteringProxy::start(server).await;
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let tab = browser.tab().await;
        tab.goto(&proxy.url("/rooms/lobby?as=alice")).await;
        tab.until_live().await;
        // Whenever it would be shown, this is noticed.
        let watch = "window.seen = 0;
            new MutationObserver(() => { window.seen += 1; })
                .observe(document.querySelector('#fault-notice'), { attributes: true });";
        tab.try_js(watch, Vec::new()).await.unwrap();
        for transport in Transport::ALL {
            tab.choose(transport).await;
            tab.try_js("window.seen = 0", Vec::new()).await.unwrap();
            proxy.block(&["/"]);
            tab.until_text("#status", "The server can’t be reached.")
                .await;
            let again = "/^reconnecting in [2-9]/.test(document.querySelector('#status .countdown').textContent)";
            tab.until("it has failed several times", again).await;
            assert_eq!(tab.value("window.seen").await, 0, "{transport:?}");
            proxy.block(&[]);
            tab.until_live().await;
        }
    })
    .await;
}

async fn behind_a_buffering_proxy_it_uses_long_polling() {
    trial("auto-buffering", async |browser, server| {
        let tab = enter_buffered(browser, server).await;
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

//! The meters of the chat page.

use harness::browser::{Tab, keys, trial};

use crate::{Test, accessibility::check, tests};

pub const TESTS: &[Test] = tests![
    the_meters_show_the_cost_of_the_current_transport,
    they_restart_with_another_transport_and_stay_open,
    they_fit_on_a_phone_with_the_messages
];

async fn the_meters_show_the_cost_of_the_current_transport() {
    trial("meters", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let bob = server.user("bob").await;
        let tab = browser.enter(server, "lobby", "alice").await;
        assert!(!tab.is_visible("#meters").await.unwrap(), "closed at first");
        tab.click("#show-meters").await;
        tab.until_text("#meters-subject", "WebSocket since").await;
        // A message of this page, and one of another client on the same machine.
        tab.say("mine").await;
        tab.until_shown("mine").await;
        bob.say("lobby", "bob's").await;
        tab.until_text("#meters-subject", "2 messages").await;
        for figure in ["last", "p50", "p95"] {
            until_figure(&tab, figure, r"^[0-9.,]+ ms$").await;
        }
        for figure in ["up", "down"] {
            until_figure(&tab, figure, r"^[1-9][0-9.,]* k?B$").await;
        }
        until_figure(&tab, "segments", r"^[1-9]").await;
        until_figure(&tab, "requests", r"^1 in \d+ s$").await;
        until_figure(&tab, "empty", "^–$").await;
        tab.until_visible("#meters-chart canvas").await;
        tab.until(
            "the chart tells of two latencies",
            "document.querySelector('#meters-chart').ariaLabel.includes('2 latencies')",
        )
        .await;
        tab.click("input[value=auto]").await;
        tab.until_visible("#auto-attempts li").await;
        check(&tab, "the chat with its meters, and Auto").await;
    })
    .await;
}

async fn they_restart_with_another_transport_and_stay_open() {
    trial("meters-anew", async |browser, server| {
        browser.sign_in_as(server, &server.user("alice").await).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.click("#show-meters").await;
        tab.say("over a socket").await;
        tab.until_text("#meters-subject", "1 message").await;
        tab.poll_often().await;
        tab.until_text("#meters-subject", "Short polling since")
            .await;
        tab.until_text("#meters-subject", "0 messages").await;
        until_figure(&tab, "last", "^–$").await;
        until_figure(&tab, "empty", r"^(9\d|100) %$").await;
        tab.until(
            "the chart marks the change",
            "document.querySelector('#meters-chart').ariaLabel.includes('WebSocket, then Short polling')",
        )
        .await;
        tab.reload().await;
        tab.until_live().await;
        tab.until_visible("#meters-chart canvas").await;
        tab.click("#hide-meters").await;
        tab.until_hidden("#meters").await;
        tab.until("the focus is back", "document.activeElement.id === 'show-meters'")
            .await;
        tab.reload().await;
        tab.until_live().await;
        assert!(!tab.is_visible("#meters").await.unwrap(), "it stays closed");
    })
    .await;
}

async fn they_fit_on_a_phone_with_the_messages() {
    trial("meters-phone", async |browser, server| {
        browser.sign_in_as(server, &server.user("alice").await).await;
        let tab = browser.tab().await;
        tab.screen(390, 844).await;
        tab.goto(&server.url("/rooms/lobby?as=alice")).await;
        tab.until_live().await;
        tab.click("#show-meters").await;
        tab.until_visible("#meters-chart canvas").await;
        tab.click("#show-panel").await;
        tab.click("input[value=long_poll]").await;
        tab.keys_anywhere(keys::ESCAPE).await;
        tab.until_hidden("#people").await;
        tab.until_text("#meters-subject", "Long polling").await;
        tab.say("still there").await;
        tab.until_shown("still there").await;
        let wide = "['html', '#meters'].filter((css) =>
            (({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(document.querySelector(css)))";
        assert_eq!(tab.value(wide).await, serde_json::json!([]), "too wide");
        tab.until_visible("#composer [type=submit]").await;
    })
    .await;
}

/// Waits until a figure matches the pattern.
async fn until_figure(tab: &Tab<'_>, name: &str, pattern: &str) {
    let condition = "new RegExp(arguments[1]).test(
        document.querySelector(`#meters [data-figure=${arguments[0]}]`).textContent)";
    let what = format!("{name} reads like {pattern}");
    tab.until_with(&what, condition, vec![name.into(), pattern.into()])
        .await;
}

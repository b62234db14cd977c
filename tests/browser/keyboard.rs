//! Use by keyboard and with a screen reader.

use harness::browser::{Tab, keys, trial};
use reqwest::Method;
use serde_json::json;
use thirtyfour::By;

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    the_transport_is_changed_by_keyboard,
    every_control_has_a_name,
    the_drawer_keeps_the_focus_and_returns_it
];

async fn the_transport_is_changed_by_keyboard() {
    trial("keyboard", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.until(
            "one can write at once",
            "document.activeElement.name === 'body'",
        )
        .await;
        tab_to(&tab, "transport").await;
        let chosen = "document.activeElement.value";
        assert_eq!(
            tab.value(chosen).await,
            "websocket",
            "the chosen one has the focus"
        );
        tab.keys_anywhere(keys::UP).await;
        tab.until_visible("#status[data-transport=sse][data-state=live]")
            .await;
        tab.keys_anywhere(keys::UP).await;
        tab.until_visible("#status[data-transport=long_poll][data-state=live]")
            .await;
        tab_to(&tab, "wait").await;
        tab_to(&tab, "body").await;
        tab.keys_anywhere(&format!("no mouse{}", keys::ENTER)).await;
        tab.until_shown("no mouse").await;
    })
    .await;
}

/// Presses Tab until the field of this name has the focus.
async fn tab_to(tab: &Tab<'_>, name: &str) {
    let mut passed = Vec::new();
    while tab.value("document.activeElement.name").await != name {
        assert!(passed.len() < 40, "Tab does not reach {name}: {passed:?}");
        tab.keys_anywhere(keys::TAB).await;
        passed.push(
            tab.value("document.activeElement.outerHTML.slice(0, 60)")
                .await,
        );
        let seen = "document.activeElement === document.body || document.activeElement.matches(':focus-visible')";
        assert_eq!(tab.value(seen).await, true, "the focus is visible");
    }
}

async fn every_control_has_a_name() {
    trial("names", async |browser, server| {
        let tab = browser.tab().await;
        tab.goto(&server.url("/rooms/lobby")).await;
        check_names(&tab, &["#show-sign-up", "#sign-up"]).await;
        tab.click("#show-sign-in").await;
        check_names(&tab, &["#sign-in"]).await;
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        tab.goto(&server.url("/rooms/lobby?as=alice")).await;
        tab.until_live().await;
        tab.say("hello").await;
        tab.until_shown("hello").await;
        tab.open_account_menu().await;
        check_names(
            &tab,
            &[
                "#messages",
                "#composer",
                "#create-room",
                "#transport",
                "#account-list",
            ],
        )
        .await;
        assert_eq!(
            tab.value("document.querySelector('#messages').getAttribute('role')")
                .await,
            "log"
        );
        assert_eq!(tab.value("document.documentElement.lang").await, "en");
    })
    .await;
}

/// Checks that each control has an accessible name, and that these parts are shown.
async fn check_names(tab: &Tab<'_>, parts: &[&str]) {
    for part in parts {
        tab.until_visible(part).await;
    }
    let css = By::Css("input, textarea, button, a, nav, section, [role=log], [role=radiogroup]");
    for element in tab.driver().await.unwrap().find_all(css).await.unwrap() {
        if element.is_displayed().await.unwrap() {
            let endpoint = format!("/element/{}/computedlabel", element.element_id());
            let name = tab.browser.raw(Method::GET, &endpoint, None).await;
            let html = element.outer_html().await.unwrap();
            assert!(!name.as_str().unwrap().trim().is_empty(), "no name: {html}");
        }
    }
    // A placeholder is a name too, but it disappears with the first character.
    let unlabelled = "[...document.querySelectorAll('input, textarea')]
        .filter((field) => field.labels.length === 0 && !field.ariaLabel).map(({ name }) => name)";
    assert_eq!(tab.value(unlabelled).await, json!([]));
}

async fn the_drawer_keeps_the_focus_and_returns_it() {
    trial("drawer", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.tab().await;
        tab.screen(390, 844).await;
        tab.goto(&server.url("/rooms/lobby?as=alice")).await;
        tab.until_live().await;
        tab.find("#show-panel").await.focus().await.unwrap();
        tab.keys_anywhere(keys::ENTER).await;
        let inside = "document.activeElement.closest('#panel')";
        tab.until("the focus is in the drawer", inside).await;
        for _ in 0..15 {
            tab.keys_anywhere(keys::TAB).await;
            let outside = "document.activeElement.closest('#conversation, #topbar')";
            assert!(
                tab.value(outside).await.is_null(),
                "the focus got behind the drawer"
            );
        }
        tab.find("#hide-panel").await.focus().await.unwrap();
        tab.keys_anywhere(keys::ESCAPE).await;
        tab.until(
            "the focus is back",
            "document.activeElement.id === 'show-panel'",
        )
        .await;
    })
    .await;
}

//! The findings of axe-core on every page, in light and dark mode, on a laptop and on a phone.

use harness::browser::{Tab, keys, trial};
use protocol::Transport;
use serde_json::{Value, json};

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    the_front_page_and_the_forms_are_accessible,
    the_chat_is_accessible,
    the_race_is_accessible
];

/// Vendored only for this test.
const AXE: &str = include_str!("../vendor/axe-core/axe.min.js");

/// The rules whose violations fail the test: those that keep people from using the page.
const RUN: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => done(violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target).join(' | ')}`)));";

const SCREENS: [(u32, u32); 2] = [(1280, 800), (390, 844)];

/// Panics with all violations on `page` in its current state.
pub async fn check(tab: &Tab<'_>, page: &str) {
    let driver = tab.driver().await.unwrap();
    driver.execute(AXE, Vec::new()).await.unwrap();
    let mut found = Vec::new();
    for scheme in ["light", "dark"] {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        // Colours in transition are not the final ones.
        let still = json!({ "name": "prefers-reduced-motion", "value": "reduce" });
        let media = json!({ "features": [feature, still] });
        tab.browser
            .devtools("Emulation.setEmulatedMedia", media)
            .await;
        for (width, height) in SCREENS {
            tab.screen(width, height).await;
            let violations = driver.execute_async(RUN, Vec::new()).await.unwrap();
            let violations = violations.json().as_array().unwrap().clone();
            let here = format!("{page}, {scheme}, {width}");
            found.extend(
                violations
                    .into_iter()
                    .map(|each: Value| format!("{here}: {each}")),
            );
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

async fn the_front_page_and_the_forms_are_accessible() {
    trial("axe-front", async |browser, server| {
        let tab = browser.tab().await;
        tab.goto(&server.url("/")).await;
        tab.until_visible("#four li").await;
        check(&tab, "front door").await;
        tab.goto(&server.url("/rooms/lobby")).await;
        tab.until_visible("#sign-up").await;
        check(&tab, "gate").await;
        tab.goto(&server.url("/reports/")).await;
        check(&tab, "reports").await;
    })
    .await;
}

async fn the_chat_is_accessible() {
    trial("axe-chat", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        server.user("bob").await.say_many("lobby", 3).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.say("and one of mine").await;
        tab.until_shown("and one of mine").await;
        check(&tab, "chat").await;
        tab.screen(390, 844).await;
        tab.click("#show-panel").await;
        tab.until_visible("#transports").await;
        check(&tab, "chat with its drawer").await;
        tab.keys_anywhere(keys::ESCAPE).await;
    })
    .await;
}

async fn the_race_is_accessible() {
    trial("axe-race", async |browser, server| {
        let tab = browser.tab().await;
        tab.goto(&server.url("/race")).await;
        tab.until_visible("#guest").await;
        check(&tab, "race, for nobody").await;
        tab.click("#guest button").await;
        tab.until_racing().await;
        tab.keys("#body", &format!("to all four{}", keys::ENTER))
            .await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "to all four").await;
        }
        check(&tab, "race").await;
        tab.click("#tab-costs").await;
        tab.until_visible("#costs .plane").await;
        check(&tab, "race, delay and cost").await;
        tab.click("#keep summary").await;
        tab.until_visible("#open-recording").await;
        check(&tab, "race, what can be kept").await;
        tab.click("#keep summary").await;
        tab.click("#line summary").await;
        tab.until_visible("#faults").await;
        check(&tab, "race with its lines").await;
    })
    .await;
}

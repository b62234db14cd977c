//! What the pages say is for people, and nothing that they say moves what one is about to press.

use harness::browser::{Tab, enter, trial};
use protocol::Transport;
use serde_json::{Value, json};

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    a_message_that_is_too_long_is_told_in_characters,
    a_live_socket_is_not_beside_a_zero,
    a_lost_connection_is_told_without_its_code,
    notices_move_nothing_that_can_be_pressed
];

const SCREENS: [(u32, u32); 2] = [(1280, 800), (390, 844)];

/// As if this many characters had been pasted.
async fn paste(tab: &Tab<'_>, count: usize) {
    let paste = "const box = document.querySelector('#composer textarea');
        box.value = 'é'.repeat(arguments[0]);
        box.dispatchEvent(new Event('input', { bubbles: true }));";
    tab.try_js(paste, vec![json!(count)]).await.unwrap();
}

async fn a_message_that_is_too_long_is_told_in_characters() {
    trial("too-long", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        for (width, height) in SCREENS {
            tab.screen(width, height).await;
            paste(&tab, 3_499).await;
            tab.until_hidden("#composer-count").await;
            let before = pressable(&tab).await;
            paste(&tab, 3_500).await;
            tab.until_text("#composer-count", "3,500 of 4,000 characters")
                .await;
            assert_eq!(pressable(&tab).await, before, "{width}");
            paste(&tab, 26_000).await;
            tab.until_text("#composer-count", "26,000 of 4,000 characters")
                .await;
            tab.until_visible("#composer [type=submit]:disabled").await;
        }
    })
    .await;
}

async fn a_live_socket_is_not_beside_a_zero() {
    trial("held-words", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.until_text("#held", "none needed").await;
        tab.choose(Transport::Sse).await;
        tab.until_text("#held", "1 of 6").await;
    })
    .await;
}

async fn a_lost_connection_is_told_without_its_code() {
    trial("lost-words", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        let watch = "window.reasons = new Set();
            new MutationObserver(() => reasons.add(document.querySelector('#status .reason').textContent))
                .observe(document.querySelector('#status'), { subtree: true, childList: true, characterData: true });";
        tab.try_js(watch, Vec::new()).await.unwrap();
        tab.click("[data-fault=drop]").await;
        tab.until("it is told", "reasons.has('the connection was lost')")
            .await;
        let numbers = "[...reasons].some((reason) => /\\d/.test(reason))";
        assert_eq!(tab.value(numbers).await, false);
    })
    .await;
}

/// Where everything is that can be pressed, but for what the notices themselves offer.
async fn pressable(tab: &Tab<'_>) -> Value {
    let places = "[...document.querySelectorAll('button, a, input, textarea, summary')]
        .filter((each) => !each.closest('#connection-notice, #held-notice'))
        .filter((each) => each.checkVisibility({ visibilityProperty: true }))
        .map((each) => [each, each.getBoundingClientRect()])
        .map(([each, { x, y, width, height }]) => `${each.id || each.className}: ${[x, y, width, height].map(Math.round)}`)";
    tab.value(places).await
}

async fn notices_move_nothing_that_can_be_pressed() {
    trial("notices", async |browser, server| {
        let bob = enter(browser, server).await;
        bob.say_many("lobby", 30).await;
        let chat = browser.enter(server, "lobby", "alice").await;
        let race = browser.race(server, "").await;
        let says =
            "document.querySelector('#sender-says').textContent = 'Not sent: it is too long.'";
        for (tab, notice, more) in [
            (&chat, "#connection-notice", ""),
            (&race, "#held-notice", says),
        ] {
            let show = format!("document.querySelector('{notice}').hidden = false; {more}");
            for (width, height) in SCREENS {
                let hide = format!("document.querySelector('{notice}').hidden = true");
                tab.try_js(&hide, Vec::new()).await.unwrap();
                tab.screen(width, height).await;
                // The conversation follows its end a moment after the screen has changed.
                let at_end = "((root) => !root || root.scrollHeight - root.scrollTop - root.clientHeight < 2)(document.querySelector('#messages'))";
                tab.until("the end is in view", at_end).await;
                let before = pressable(tab).await;
                tab.try_js(&show, Vec::new()).await.unwrap();
                tab.until_visible(notice).await;
                assert_eq!(pressable(tab).await, before, "{notice}, {width}");
            }
        }
    })
    .await;
}

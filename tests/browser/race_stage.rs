//! The stage: what a lecturer shows on a projector.

use harness::browser::{Tab, enter, trial};
use protocol::Transport;
use serde_json::json;

use crate::{Test, accessibility::check, layout::check_fits, tests};

pub const TESTS: &[Test] = tests![
    the_stage_is_large_and_complete,
    its_keys_send_stream_drop_freeze_and_step
];

const PARTS: [&str; 7] = [
    "#lanes canvas",
    "#lens",
    ".pane[data-transport=short_poll] .stage-figures",
    ".pane[data-transport=websocket] .stage-figures",
    "#stream",
    "#keys",
    "#to-stage",
];

async fn the_stage_is_large_and_complete() {
    trial("stage-screens", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2&stage").await;
        tab.until_visible("#keys").await;
        for (width, height) in [(1920, 1080), (1366, 650), (1280, 800), (1024, 768)] {
            tab.screen(width, height).await;
            check_fits(&tab, &PARTS).await;
            let share = "document.querySelector('#lanes canvas').clientHeight / innerHeight >= 0.595";
            tab.until("the lanes have 60 % of the height", share).await;
        }
        tab.screen(1920, 1080).await;
        let small = "(() => {
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const small = [];
            while (walker.nextNode()) {
                const { parentElement: place, textContent } = walker.currentNode;
                const isSeen = textContent.trim() && place.checkVisibility() && !place.closest('.visually-hidden, .skip, script, noscript');
                if (isSeen && parseFloat(getComputedStyle(place).fontSize) < 27.9) small.push(textContent.trim());
            }
            return small;
        })()";
        assert_eq!(tab.value(small).await, json!([]), "28 px and more");
        for transport in Transport::ALL {
            let count = format!("document.querySelectorAll('.pane[data-transport={}] .stage-figures dd').length", transport.slug());
            assert_eq!(tab.value(&count).await, 3);
        }
        check(&tab, "the stage").await;
    })
    .await;
}

async fn its_keys_send_stream_drop_freeze_and_step() {
    trial("stage-keys", async |browser, server| {
        browser.expect_outage();
        enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        // Where one writes, a letter is a letter; and elsewhere only P counts.
        tab.keys("#body", "spf").await;
        press(&tab, "s").await;
        assert!(!tab.is_visible("#keys").await.unwrap());
        press(&tab, "p").await;
        tab.until_visible("#keys").await;
        tab.until("the address says it", "location.hash.endsWith('&stage')")
            .await;
        press(&tab, "s").await;
        let come = "document.querySelectorAll('.arrivals button').length >= 4";
        tab.until("a message has come over each transport", come)
            .await;
        press(&tab, "r").await;
        tab.until_text("#stream", "Stop stream").await;
        press(&tab, "r").await;
        tab.until_text("#stream", "Start stream").await;
        press(&tab, "f").await;
        tab.until_text("#freeze", "Go on").await;
        press(&tab, "x").await;
        tab.until_visible("[data-slow='10'][aria-pressed=true]")
            .await;
        press(&tab, "d").await;
        tab.until(
            "what is open is dropped",
            "[...document.querySelectorAll('.pane-state')]
            .some(({ textContent }) => /dropped|lost|ended/.test(textContent))",
        )
        .await;
        press(&tab, "p").await;
        tab.until_hidden("#keys").await;
        tab.until("nor does the address", "!location.hash.includes('stage')")
            .await;

        tab.goto("about:blank").await;
        tab.goto(&server.url("/race#step=2&stage")).await;
        tab.until_text("#guide-place", "2 of").await;
        press(&tab, "n").await;
        tab.until_text("#guide-place", "3 of").await;
        tab.until(
            "both stand in the address",
            "location.hash === '#step=3&stage'",
        )
        .await;
    })
    .await;
}

/// A key that is pressed outside of any field.
async fn press(tab: &Tab<'_>, key: &str) {
    let leave = "document.activeElement.blur()";
    tab.try_js(leave, Vec::new()).await.unwrap();
    tab.keys_anywhere(key).await;
}

//! The environment of the race: guests, several tabs, screens, reduced motion and network paths.

use protocol::Transport;
use serde_json::json;

use harness::browser::{enter, keys, pane, trial};

use crate::{
    Test,
    layout::{check_fits, check_width},
    tests,
};

pub const TESTS: &[Test] = tests![
    a_guest_may_watch_if_the_server_allows_it,
    a_browser_runs_one_race_at_a_time,
    panes_wait_for_connections_that_other_tabs_hold,
    it_fits_a_projector_a_laptop_and_a_phone,
    reduced_motion_is_respected,
    a_dropped_connection_or_an_offline_tab_loses_nothing
];

/// The parts that must be visible if the screen has room for them.
const PARTS: [&str; 9] = [
    "#lanes canvas",
    "#lens",
    ".pane[data-transport=short_poll] .figures",
    ".pane[data-transport=long_poll] .figures",
    ".pane[data-transport=sse] .figures",
    ".pane[data-transport=websocket] .figures",
    "#body",
    "#stream",
    "#reset",
];

async fn a_guest_may_watch_if_the_server_allows_it() {
    trial("race-nobody", async |browser, server| {
        let tab = browser.tab().await;
        browser.seem_behind_proxy(true).await;
        tab.goto(&server.url("/race")).await;
        let link = tab.find("#entry a").await.prop("href").await.unwrap();
        assert_eq!(link, Some(server.url("/rooms/lobby?next=/race")));
        assert!(!tab.is_visible("#guest").await.unwrap());
        assert!(!tab.is_visible("#panes").await.unwrap());
        browser.seem_behind_proxy(false).await;
        tab.reload().await;
        tab.until_text("#guest", "made for this browser, without a password")
            .await;
        tab.click("#guest button").await;
        tab.until_racing().await;
        assert!(!tab.is_visible("#entry").await.unwrap());
    })
    .await;
}

async fn a_browser_runs_one_race_at_a_time() {
    trial("race-twice", async |browser, server| {
        enter(browser, server).await;
        let first = browser.race(server, "").await;
        let second = browser.tab().await;
        second.goto(&server.url("/race#rate=1")).await;
        second.until_text("#elsewhere", "in another tab").await;
        second.click("#run-here").await;
        second.until_racing().await;
        first.until_text("#elsewhere", "has stopped here").await;
        first.until_text("#held-count", "2 of 6").await;
        first.click("#run-here").await;
        first.until_racing().await;
        second.until_visible("#elsewhere").await;
    })
    .await;
}

async fn panes_wait_for_connections_that_other_tabs_hold() {
    trial("race-waits", async |browser, server| {
        enter(browser, server).await;
        let mut chats = Vec::new();
        for _ in 0..4 {
            let chat = browser.enter(server, "lobby", "alice").await;
            chat.choose(Transport::Sse).await;
            chats.push(chat);
        }
        let tab = browser.tab().await;
        tab.goto(&server.url("/race#rate=1")).await;
        tab.until_visible("#held-notice").await;
        tab.until_text("#held-notice", "must wait").await;
        tab.until_text("#holders", "Lobby · pushlab (4 connections)")
            .await;
        tab.until_text("#held-count", "5 of 6").await;
        let waiting = "[...document.querySelectorAll('.pane-state')]
            .filter(({ textContent }) => textContent === 'waiting for a connection').length === 1";
        tab.until("one pane waits", waiting).await;
        // One connection is left for this request.
        tab.keys("#body", &format!("sent all the same{}", keys::ENTER))
            .await;
        tab.until_arrived(Transport::WebSocket, "sent all the same")
            .await;
        chats[0].say("and so does the chat").await;
        chats[0].until_shown("and so does the chat").await;
        chats.pop().unwrap().close().await;
        tab.until_hidden("#held-notice").await;
        tab.until_arrived(Transport::Sse, "sent all the same").await;
    })
    .await;
}

async fn it_fits_a_projector_a_laptop_and_a_phone() {
    trial("race-screens", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.race(server, "").await;
        tab.keys("#body", &format!("{}{}", "wide ".repeat(40), keys::ENTER))
            .await;
        tab.until_visible(&pane(Transport::WebSocket, ".arrivals button"))
            .await;
        for (width, height) in [(1920, 1080), (1366, 650), (1280, 800), (1024, 768)] {
            tab.screen(width, height).await;
            check_fits(&tab, &PARTS).await;
        }
        tab.screen(390, 844).await;
        check_width(&tab).await;
        let lefts = "new Set([...document.querySelectorAll('.pane')]
            .map((pane) => pane.getBoundingClientRect().left)).size";
        assert_eq!(tab.value(lefts).await, 1, "below each other");
        let links = "[...document.querySelectorAll('#bar > a, #bar nav a')].map((a) => a.pathname)";
        assert_eq!(
            tab.value(links).await,
            json!(["/", "/rooms/lobby", "/reports/", "/teaching"])
        );
    })
    .await;
}

async fn reduced_motion_is_respected() {
    trial("race-calm", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.tab().await;
        tab.driver().await.unwrap();
        let calm = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        browser.devtools("Emulation.setEmulatedMedia", calm).await;
        tab.goto(&server.url("/race#rate=1")).await;
        tab.until_racing().await;
        // What moves the lanes does so in steps.
        let steps = r"(() => {
            const [motion] = document.querySelector('.strip-moved').getAnimations();
            const { duration, easing } = motion.effect.getTiming();
            return Number(/steps\((\d+)/.exec(easing)[1]) / (duration / 1000);
        })()";
        tab.until(
            "the lanes move",
            "document.querySelector('.strip-moved').getAnimations().length",
        )
        .await;
        let rate = tab.value(steps).await.as_f64().unwrap();
        assert!((0.5..3.0).contains(&rate), "{rate} frames a second");
    })
    .await;
}

async fn a_dropped_connection_or_an_offline_tab_loses_nothing() {
    trial("race-faults", async |browser, server| {
        browser.expect_outage();
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        tab.click(&pane(Transport::Sse, ".drop")).await;
        // The status shows either the action or its result, whichever was last.
        let told = "/One connection was dropped|the stream ended/.test(
            document.querySelector(arguments[0]).textContent)";
        let state = pane(Transport::Sse, ".pane-state");
        tab.until_with("the pane says so", told, vec![json!(state)])
            .await;
        bob.say("race", "while it was gone").await;
        tab.until_arrived(Transport::Sse, "while it was gone").await;
        tab.click("#line summary").await;
        tab.click("[data-fault=offline]").await;
        for transport in Transport::ALL {
            tab.until_text(&pane(transport, ".pane-state"), "offline")
                .await;
        }
        bob.say("race", "while all were gone").await;
        tab.until_text("[data-fault=offline]", "Come back: readers")
            .await;
        tab.click("[data-fault=offline]").await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "while all were gone").await;
        }
    })
    .await;
}

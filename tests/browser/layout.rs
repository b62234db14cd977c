//! The layout on a phone and on a laptop.

use harness::browser::{Tab, keys, trial};
use harness::{Server, User};

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    a_phone_shows_all_parts_or_has_them_in_the_drawer,
    a_laptop_shows_all_parts
];

/// The parts that must be visible on a laptop without scrolling or opening anything.
const ON_A_LAPTOP: [&str; 9] = [
    "#rooms a[data-room=lobby]",
    "#create-room",
    "#messages",
    "#composer textarea",
    "#status",
    "#account-menu",
    "#transports",
    "input[value=websocket]",
    "#people [data-username=alice]",
];
/// The parts that must be visible on a phone.
const ON_A_PHONE: [&str; 6] = [
    "#show-panel",
    "#status",
    "#account-menu",
    "#messages",
    "#composer textarea",
    "#composer [type=submit]",
];
/// The parts that a phone has in the drawer.
const IN_THE_DRAWER: [&str; 3] = [
    "#rooms a[data-room=lobby]",
    "#transports",
    "#people [data-username=alice]",
];

async fn a_phone_shows_all_parts_or_has_them_in_the_drawer() {
    trial("phone", async |browser, server| {
        let tab = browser.tab().await;
        tab.screen(390, 844).await;
        tab.goto(&server.url("/rooms/lobby")).await;
        tab.until_visible("#sign-up").await;
        check_width(&tab).await;

        browser.sign_in_as(server, &busy_lobby(server).await).await;
        tab.goto(&server.url("/rooms/lobby?as=alice")).await;
        tab.until_live().await;
        check_fits(&tab, &ON_A_PHONE).await;
        assert!(!tab.is_visible("#people").await.unwrap());
        tab.click("#show-panel").await;
        for part in IN_THE_DRAWER {
            tab.until_visible(part).await;
        }
        check_width(&tab).await;
        change_transport_in_drawer(&tab).await;
        tab.say("from a phone").await;
        tab.until_shown("from a phone").await;
    })
    .await;
}

/// The status is behind the drawer, but present.
async fn change_transport_in_drawer(tab: &Tab<'_>) {
    tab.click("input[name=transport][value=sse]").await;
    let status = "document.querySelector('#status[data-transport=sse][data-state=live]')";
    tab.until("the transport has changed", status).await;
    tab.keys_anywhere(keys::ESCAPE).await;
    tab.until_hidden("#people").await;
}

async fn a_laptop_shows_all_parts() {
    trial("laptop", async |browser, server| {
        browser.sign_in_as(server, &busy_lobby(server).await).await;
        let tab = browser.tab().await;
        tab.screen(1280, 800).await;
        tab.goto(&server.url("/rooms/lobby?as=alice")).await;
        tab.until_live().await;
        check_fits(&tab, &ON_A_LAPTOP).await;
        assert!(!tab.is_visible("#show-panel").await.unwrap());
    })
    .await;
}

/// Alice, in a lobby with more messages than fit, and with words longer than a line.
async fn busy_lobby(server: &Server) -> User {
    let alice = server.user("alice").await;
    server.user("bob").await.say_many("lobby", 30).await;
    let long = "a".repeat(300);
    let words = format!("https://example.org/{long} {long}");
    alice.say("lobby", &words).await;
    alice
}

/// Checks that the page neither scrolls sideways nor hides these parts.
pub async fn check_fits(tab: &Tab<'_>, parts: &[&str]) {
    for part in parts {
        tab.until_visible(part).await;
        check_in_view(tab, part).await;
    }
    check_width(tab).await;
    // The list of messages scrolls; the page does not.
    let heights = tab
        .value("[document.documentElement.scrollHeight, innerHeight]")
        .await;
    assert_eq!(
        heights[0], heights[1],
        "the page itself is as high as the screen"
    );
}

pub async fn check_width(tab: &Tab<'_>) {
    let widths = "[document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]";
    let widths = tab.value(widths).await;
    let [root, body, screen] = [0, 1, 2].map(|index| widths[index].as_u64().unwrap());
    assert!(
        root <= screen && body <= screen,
        "{root} and {body} px in {screen}"
    );
}

async fn check_in_view(tab: &Tab<'_>, part: &str) {
    let rect = format!("document.querySelector(`{part}`).getBoundingClientRect()");
    let is_inside = format!(
        "(({{ top, left, right, bottom }}) =>
        top >= 0 && left >= 0 && right <= innerWidth && bottom <= innerHeight)({rect})"
    );
    let rect = tab.value(&rect).await;
    assert_eq!(
        tab.value(&is_inside).await,
        true,
        "{part} is out of view: {rect}"
    );
}

//! Large text and narrow screens: nothing sticks out at a side, and all that can be pressed is in reach.

use harness::browser::{Browser, Tab, trial};
use serde_json::json;

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    the_chat_is_usable_with_large_text_and_on_narrow_screens,
    signing_up_is_possible_with_large_text_and_on_narrow_screens,
    the_race_is_usable_with_large_text_and_on_narrow_screens,
    the_class_is_usable_with_large_text_and_on_narrow_screens,
    the_other_pages_are_usable_with_large_text_and_on_narrow_screens
];

/// The size that browsers begin with, and twice that.
const TEXTS: [u32; 2] = [16, 32];
const SCREENS: [(u32, u32); 3] = [(320, 640), (390, 844), (1280, 800)];

/// What is offered in a part of the page and can't be pressed: it is cut off at a side, or something lies over it wherever one scrolls.
const OUT_OF_REACH: &str = "return ((root) => {
    const offered = [...document.querySelector(root).querySelectorAll('a[href], button, input, textarea, summary')].filter((it) => (
        it.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !it.disabled
        && !it.closest('[inert], .skip, .visually-hidden')));
    const isCut = (it) => {
        const { left, right } = it.getBoundingClientRect();
        if (left < -1 || right > document.documentElement.clientWidth + 1) return true;
        for (let over = it.parentElement; over; over = over.parentElement) {
            const edge = over.getBoundingClientRect();
            const cuts = ['hidden', 'clip'].includes(getComputedStyle(over).overflowX);
            if (cuts && (left < edge.left - 1 || right > edge.right + 1)) return true;
        }
        return false;
    };
    const isCovered = (it) => {
        it.scrollIntoView({ block: 'center', behavior: 'instant' });
        const { left, right, top, bottom } = it.getClientRects()[0];
        const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return !there || !(it.contains(there) || there.contains(it) || there.closest('label')?.control === it);
    };
    return offered.filter((it) => isCut(it) || isCovered(it))
        .map((it) => `${it.tagName} ${it.id} ${it.className} ${it.textContent.trim().slice(0, 40)}`);
})(arguments[0])";

/// Runs `check` with each size of text on each screen.
async fn with_each(browser: &Browser, tab: &Tab<'_>, mut check: impl AsyncFnMut(&str)) {
    tab.driver().await.unwrap();
    browser.devtools("Page.enable", json!({})).await;
    // What slides in is on its way for a moment.
    let calm = json!({ "name": "prefers-reduced-motion", "value": "reduce" });
    let calm = json!({ "features": [calm] });
    browser.devtools("Emulation.setEmulatedMedia", calm).await;
    for text in TEXTS {
        let sizes = json!({ "fontSizes": { "standard": text, "fixed": text * 13 / 16 } });
        browser.devtools("Page.setFontSizes", sizes).await;
        for (width, height) in SCREENS {
            tab.screen(width, height).await;
            check(&format!("text of {text} px on {width} px")).await;
        }
    }
}

/// Checks a part of the page, and that the page is no wider than the screen.
async fn check_reach(tab: &Tab<'_>, root: &str, what: &str) {
    let widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]";
    let widths = tab.value(widths).await;
    assert!(
        widths[0].as_u64() <= widths[1].as_u64(),
        "{root}, {what}: {widths}"
    );
    let out = tab.try_js(OUT_OF_REACH, vec![json!(root)]).await.unwrap();
    assert_eq!(out, json!([]), "{root}, {what}");
}

/// Presses what opens a part, checks it, and closes it.
async fn check_opened(tab: &Tab<'_>, [open, part, close]: [&str; 3], what: &str) {
    if !tab.is_visible(open).await.unwrap() {
        return;
    }
    tab.click(open).await;
    tab.until_visible(part).await;
    check_reach(tab, part, what).await;
    tab.click(close).await;
    tab.until_hidden(part).await;
}

async fn the_chat_is_usable_with_large_text_and_on_narrow_screens() {
    trial("zoom-chat", async |browser, server| {
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        server.user("bob").await.say_many("lobby", 30).await;
        let tab = browser.tab().await;
        with_each(browser, &tab, async |what| {
            tab.goto(&server.url("/rooms/lobby?as=alice")).await;
            tab.until_live().await;
            let text = format!("hello, {what}");
            tab.say(&text).await;
            tab.until_shown(&text).await;
            tab.until_visible(".how").await;
            check_reach(&tab, "body", what).await;
            let drawer = ["#show-panel", "#panel", "#hide-panel"];
            check_opened(&tab, drawer, what).await;
            let accounts = ["#account-menu", "#account-list", "#account-menu"];
            check_opened(&tab, accounts, what).await;
            let meters = ["#show-meters", "#meters", "#hide-meters"];
            check_opened(&tab, meters, what).await;
            tab.click("#messages > :last-child .how").await;
            tab.until_visible(".inspector-total").await;
            check_reach(&tab, "dialog", what).await;
        })
        .await;
    })
    .await;
}

async fn signing_up_is_possible_with_large_text_and_on_narrow_screens() {
    trial("zoom-gate", async |browser, server| {
        let tab = browser.tab().await;
        with_each(browser, &tab, async |what| {
            tab.goto(&server.url("/rooms/lobby")).await;
            tab.until_visible("#sign-up").await;
            check_reach(&tab, "body", what).await;
            tab.click("#show-sign-in").await;
            tab.until_visible("#sign-in").await;
            check_reach(&tab, "body", what).await;
        })
        .await;
    })
    .await;
}

async fn the_race_is_usable_with_large_text_and_on_narrow_screens() {
    trial("zoom-race", async |browser, server| {
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let tab = browser.tab().await;
        with_each(browser, &tab, async |what| {
            tab.goto(&server.url("/race#interval=0.2")).await;
            tab.until_racing().await;
            tab.keys("#body", "hello").await;
            tab.click("#say [type=submit]").await;
            tab.until_visible(".pane:last-child .arrivals button").await;
            check_reach(&tab, "body", what).await;
            check_opened(&tab, ["#line summary", ".sheet", "#line summary"], what).await;
            check_opened(&tab, ["#open-class", "#class", ".class-close"], what).await;
            // Whoever leaves closes the race first, so that the next page may run one.
            tab.goto("about:blank").await;
        })
        .await;
    })
    .await;
}

async fn the_class_is_usable_with_large_text_and_on_narrow_screens() {
    trial("zoom-class", async |browser, server| {
        let alice = server.user("alice").await;
        let room = alice.post("/api/rooms", json!({ "name": "race" })).await;
        assert_eq!(room.status(), 201);
        browser.sign_in_as(server, &alice).await;
        let tab = browser.tab().await;
        with_each(browser, &tab, async |what| {
            tab.goto(&server.url("/class?as=alice")).await;
            tab.until_visible("#choice").await;
            check_reach(&tab, "body", what).await;
            tab.click("#lot").await;
            tab.until_visible("#state[data-state=live]").await;
            alice.say("race", "hello").await;
            tab.until_visible("#dot[data-lit]").await;
            check_reach(&tab, "body", what).await;
            tab.click("#change").await;
            tab.until_visible("#choice").await;
        })
        .await;
    })
    .await;
}

async fn the_other_pages_are_usable_with_large_text_and_on_narrow_screens() {
    trial("zoom-pages", async |browser, server| {
        browser.expect_errors(&["404"]);
        let tab = browser.tab().await;
        with_each(browser, &tab, async |what| {
            for (path, ready) in [
                ("/", "#four li"),
                ("/reports/", "h1"),
                ("/nothing", "h1"),
                ("/class", "#guest"),
                ("/teaching", "h1"),
            ] {
                tab.goto(&server.url(path)).await;
                tab.until_visible(ready).await;
                check_reach(&tab, "body", &format!("{path}, {what}")).await;
            }
        })
        .await;
    })
    .await;
}

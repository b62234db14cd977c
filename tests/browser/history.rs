//! Older messages, scrolling, and reloading.

use harness::browser::{Tab, check_complete, trial};

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    a_reload_shows_the_messages_and_continues,
    a_reload_finds_the_place_again,
    what_is_new_begins_at_a_line_in_view,
    scrolling_up_loads_older_messages_and_keeps_the_position
];

const LIST: &str = "document.querySelector('#messages')";

async fn a_reload_shows_the_messages_and_continues() {
    trial("reload", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let bob = server.user("bob").await;
        bob.say_many("lobby", 5).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.say("mine").await;
        tab.until_shown("mine").await;
        tab.write("unfinished").await;
        bob.say("lobby", "before").await;
        tab.reload().await;
        bob.say("lobby", "meanwhile").await;
        tab.until_shown("meanwhile").await;
        tab.until_live().await;
        bob.say("lobby", "after").await;
        tab.until_shown("after").await;
        let shown = tab.shown().await;
        assert_eq!(shown.len(), 9);
        check_complete(&shown);
        assert!(
            shown
                .iter()
                .all(|message| message.own == (message.body == "mine"))
        );
        let rest = "document.querySelector('#composer textarea').value";
        assert_eq!(tab.value(rest).await, "unfinished");
    })
    .await;
}

/// The `seq` of the message at the top of the view, and how far below the top it begins.
const SPOT: &str = "(() => {
    const root = document.querySelector('#messages').getBoundingClientRect();
    const items = [...document.querySelectorAll('#messages > [data-seq]')];
    const first = items.find((item) => item.getBoundingClientRect().bottom > root.top);
    return [Number(first.dataset.seq), Math.round(first.getBoundingClientRect().top - root.top)];
})()";

async fn a_reload_finds_the_place_again() {
    trial("place", async |browser, server| {
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let bob = server.user("bob").await;
        bob.say_many("lobby", 200).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.until_seq(200).await;
        // Some pages up, where a reload does not begin.
        let up = "(document.querySelector('[data-seq=\"60\"]')
            ?? document.querySelector('#messages .edge')).scrollIntoView({ block: 'start' })";
        tab.until(
            "it is far up",
            &format!("({up}, document.querySelector('[data-seq=\"60\"]'))"),
        )
        .await;
        tab.until("the spot is there", &format!("{SPOT}[0] === 60"))
            .await;
        let spot = tab.value(SPOT).await;
        for meanwhile in [None, Some("meanwhile")] {
            if let Some(text) = meanwhile {
                bob.say("lobby", text).await;
            }
            tab.reload().await;
            tab.until_live().await;
            assert_eq!(tab.value(SPOT).await, spot);
        }
        tab.until_text("#new-messages", "1 new message").await;
        tab.click("#new-messages").await;
        tab.until_shown("meanwhile").await;
        until_at_end(&tab).await;
        tab.reload().await;
        tab.until_live().await;
        until_at_end(&tab).await;
    })
    .await;
}

async fn what_is_new_begins_at_a_line_in_view() {
    trial("new-from", async |browser, server| {
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let bob = server.user("bob").await;
        bob.say_many("lobby", 10).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.until_seq(10).await;
        assert!(
            !tab.is_visible(".new-from").await.unwrap(),
            "at first all is new, and nothing is"
        );
        tab.goto(&server.url("/")).await;
        bob.say_many("lobby", 80).await;
        tab.goto(&server.url("/rooms/lobby?as=alice")).await;
        tab.until_live().await;
        let next = "document.querySelector('.new-from').nextElementSibling.dataset.seq";
        assert_eq!(tab.value(next).await, "11");
        tab.until_text("#new-messages", "80 new messages").await;
        let place = "(() => {
            const line = document.querySelector('.new-from').getBoundingClientRect();
            const view = document.querySelector('#messages').getBoundingClientRect();
            return view.top <= line.top && line.bottom < (view.top + view.bottom) / 2;
        })()";
        tab.until("the line is in the upper half", place).await;
        check_complete(&tab.shown().await);

        // Few are in view at once, with the end.
        tab.click("#new-messages").await;
        until_at_end(&tab).await;
        tab.goto(&server.url("/")).await;
        bob.say_many("lobby", 2).await;
        tab.goto(&server.url("/rooms/lobby?as=alice")).await;
        tab.until_live().await;
        assert_eq!(tab.value(next).await, "91");
        until_at_end(&tab).await;
        tab.until_hidden("#new-messages").await;
        tab.reload().await;
        tab.until_live().await;
        assert!(!tab.is_visible(".new-from").await.unwrap(), "they are read");
    })
    .await;
}

async fn scrolling_up_loads_older_messages_and_keeps_the_position() {
    trial("scrolling", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let bob = server.user("bob").await;
        bob.say_many("lobby", 120).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.until_seq(120).await;
        until_at_end(&tab).await;
        assert!(tab.shown().await.len() < 120, "not all messages at once");

        load_one_page(&tab).await;
        tab.until(
            "all are there",
            &format!("{LIST}.scrollTo(0, 0), {LIST}.querySelector('[data-seq=\"1\"]')"),
        )
        .await;
        check_complete(&tab.shown().await);

        tab.until_hidden("#new-messages").await;
        let place = tab.value(&format!("{LIST}.scrollTop")).await;
        bob.say("lobby", "news").await;
        tab.until_visible("#new-messages").await;
        tab.until_text("#new-messages", "1 new message").await;
        bob.say("lobby", "more news").await;
        tab.until_text("#new-messages", "2 new messages").await;
        assert_eq!(tab.value(&format!("{LIST}.scrollTop")).await, place);
        tab.click("#new-messages").await;
        tab.until_hidden("#new-messages").await;
        until_at_end(&tab).await;
        bob.say("lobby", "the last").await;
        tab.until_shown("the last").await;
        until_at_end(&tab).await;
        check_complete(&tab.shown().await);
    })
    .await;
}

/// Scrolls near the top: older messages are added above, and the visible ones do not move.
async fn load_one_page(tab: &Tab<'_>) {
    let mark = format!(
        "(window.oldest = {LIST}.querySelector('[data-seq] .body'), {LIST}.scrollTo(0, 250),
        oldest.getBoundingClientRect().top)"
    );
    let before = tab.value(&mark).await.as_f64().unwrap();
    let above = "oldest.closest('li').previousElementSibling?.dataset.seq";
    tab.until("older ones are above", above).await;
    let after = tab.value("oldest.getBoundingClientRect().top").await;
    let moved = after.as_f64().unwrap() - before;
    assert!(
        moved.abs() <= 2.0,
        "the visible messages moved by {moved} px"
    );
}

async fn until_at_end(tab: &Tab<'_>) {
    let rest = format!("{LIST}.scrollHeight - {LIST}.scrollTop - {LIST}.clientHeight < 2");
    tab.until("the end is in view", &rest).await;
}

//! Older messages, scrolling, and reloading.

use harness::browser::{Tab, check_complete, trial};

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    a_reload_shows_the_messages_and_continues,
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

//! A conversation of two accounts in two tabs of one browser.

use harness::browser::{Browser, Shown, Tab, keys, trial};
use harness::{Server, user::PASSWORD};

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    two_tabs_of_one_browser_can_have_two_accounts,
    markup_is_shown_as_text_and_addresses_are_links,
    enter_sends_and_shift_enter_breaks_the_line
];

async fn two_tabs_of_one_browser_can_have_two_accounts() {
    trial("two-people", async |browser, server| {
        let (alice, bob) = two_people(browser, server).await;
        for (who, text) in [
            (&alice, "one"),
            (&bob, "two"),
            (&alice, "three"),
            (&bob, "four"),
        ] {
            who.say(text).await;
            alice.until_shown(text).await;
            bob.until_shown(text).await;
        }
        // Both write at the same time: both must see the same order.
        bob.say("five").await;
        alice.say("six").await;
        for text in ["five", "six"] {
            alice.until_shown(text).await;
            bob.until_shown(text).await;
        }
        check_same(&alice.shown().await, &bob.shown().await);
        alice.reload().await;
        alice.until_live().await;
        check_same(&alice.shown().await, &bob.shown().await);
    })
    .await;
}

/// The tabs of Alice and Bob; Bob's account is created from Alice's menu.
async fn two_people<'b>(browser: &'b Browser, server: &Server) -> (Tab<'b>, Tab<'b>) {
    browser
        .sign_in_as(server, &server.user("alice").await)
        .await;
    let bob = browser.enter(server, "lobby", "alice").await;
    bob.open_account_menu().await;
    bob.click("#add-account").await;
    bob.click("#show-sign-up").await;
    let account = [
        ("username", "bob"),
        ("display_name", "Bob"),
        ("password", PASSWORD),
    ];
    bob.submit("#sign-up", &account).await;
    bob.until_visible("#account-menu[data-username=bob]").await;
    bob.until_live().await;
    (become_alice(browser, server).await, bob)
}

/// A new tab has the account that signed in last, until another is chosen.
async fn become_alice<'b>(browser: &'b Browser, server: &Server) -> Tab<'b> {
    let tab = browser.tab().await;
    tab.goto(&server.url("/rooms/lobby")).await;
    tab.until_visible("#account-menu[data-username=bob]").await;
    tab.open_account_menu().await;
    tab.click("[data-account=alice]").await;
    tab.until_visible("#account-menu[data-username=alice]")
        .await;
    tab.until_live().await;
    assert_eq!(tab.account_in_address().await, "alice");
    tab
}

fn check_same(alice: &[Shown], bob: &[Shown]) {
    assert_eq!(alice.len(), 6);
    for (hers, his) in alice.iter().zip(bob) {
        assert_eq!(
            (hers.seq, &hers.body),
            (his.seq, &his.body),
            "both see the same order"
        );
        assert_ne!(hers.own, his.own, "each message belongs to one of them");
        assert_eq!(hers.author, his.author);
        assert_eq!(his.own, his.author == "Bob");
    }
}

async fn markup_is_shown_as_text_and_addresses_are_links() {
    trial("text", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        let html = "<img src=x onerror=\"document.title='pwned'\"><b>bold</b> &amp;";
        tab.say(html).await;
        assert_eq!(tab.until_shown(html).await.body, html);
        let made = tab.value("document.querySelectorAll('#messages :is(img, b, script)').length");
        assert_eq!(made.await, 0, "markup creates no elements");
        assert_ne!(tab.value("document.title").await, "pwned");

        tab.say("see https://example.org/a?b=1&c=(d), or javascript:alert(1)")
            .await;
        let link = tab
            .find("#messages a[href='https://example.org/a?b=1&c=(d)']")
            .await;
        let rel = link.attr("rel").await.unwrap().unwrap_or_default();
        assert!(rel.split(' ').any(|word| word == "noopener"), "rel={rel:?}");
        let links = tab.value("document.querySelectorAll('#messages .body a').length");
        assert_eq!(links.await, 1);
    })
    .await;
}

async fn enter_sends_and_shift_enter_breaks_the_line() {
    trial("enter", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        let broken = ["two", keys::SHIFT, keys::ENTER, keys::SHIFT, "lines"].concat();
        tab.write(&broken).await;
        assert!(tab.shown().await.is_empty(), "not sent yet");
        tab.keys_anywhere(keys::ENTER).await;
        assert!(tab.until_shown("two\nlines").await.own);
        let lines = "document.querySelector('#messages .body').innerText";
        assert_eq!(tab.value(lines).await, "two\nlines", "shown as two lines");
        let rest = "document.querySelector('#composer textarea').value";
        assert_eq!(tab.value(rest).await, "");
        tab.keys_anywhere(&format!("and on{}", keys::ENTER)).await;
        tab.until_shown("and on").await;
    })
    .await;
}

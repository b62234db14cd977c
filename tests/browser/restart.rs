//! A restart of the server under an open page.

use harness::browser::{Browser, Tab, check_shown_as_stored, keys, stored, trial};
use harness::{Server, User};
use protocol::Transport;

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    the_page_reconnects_by_itself_over_every_transport,
    a_message_sent_during_the_restart_is_stored_once,
    what_is_written_during_an_outage_waits_and_may_be_withdrawn,
    a_page_reads_again_what_was_restored
];

/// Alice's page, and Bob.
async fn alice_and_bob<'a>(browser: &'a Browser, server: &Server) -> (Tab<'a>, User) {
    browser.expect_outage();
    browser
        .sign_in_as(server, &server.user("alice").await)
        .await;
    let bob = server.user("bob").await;
    (browser.enter(server, "lobby", "alice").await, bob)
}

async fn the_page_reconnects_by_itself_over_every_transport() {
    trial("restart", async |browser, server| {
        let (tab, bob) = alice_and_bob(browser, server).await;
        tab.poll_often().await;
        for transport in Transport::ALL {
            tab.choose(transport).await;
            go_and_come_back(&tab, server, &bob, transport.slug()).await;
        }
        check_shown_as_stored(&tab, &bob, "lobby").await;
    })
    .await;
}

async fn go_and_come_back(tab: &Tab<'_>, server: &mut Server, bob: &User, slug: &str) {
    let before = format!("{slug}: before");
    bob.say("lobby", &before).await;
    tab.until_shown(&before).await;
    server.kill();
    tab.until_not_live().await;
    server.restart().await;
    bob.say("lobby", &format!("{slug}: before it is back"))
        .await;
    tab.until_live().await;
    let after = format!("{slug}: after");
    bob.say("lobby", &after).await;
    tab.until_shown(&after).await;
    assert_eq!(tab.newest().await, stored(bob, "lobby").await.len() as u64);
}

/// If the server ends before the acknowledgement, the page sends the message again; it is stored
/// once.
async fn a_message_sent_during_the_restart_is_stored_once() {
    trial("gap", async |browser, server| {
        let (tab, bob) = alice_and_bob(browser, server).await;
        for transport in [Transport::WebSocket, Transport::Sse] {
            tab.choose(transport).await;
            for hangs in [false, true] {
                let said = format!("{}, {hangs}", transport.slug());
                lose_the_server_while_sending(&tab, server, hangs, &said).await;
            }
        }
        check_once(&tab, &bob, 8).await;
    })
    .await;
}

/// In order, once, however long the outage lasts, and also over a reload of the page.
async fn what_is_written_during_an_outage_waits_and_may_be_withdrawn() {
    trial("outage", async |browser, server| {
        let (tab, bob) = alice_and_bob(browser, server).await;
        tab.choose(Transport::Sse).await;
        server.kill();
        tab.until_not_live().await;
        for body in ["first", "taken back", "second"] {
            tab.say(body).await;
        }
        let waiting = "#messages > [data-key][data-state=waiting]";
        let all_wait = format!("document.querySelectorAll('{waiting}').length === 3");
        tab.until("all are told that they wait", &all_wait).await;
        let second = format!("{waiting} ~ [data-state=waiting] .withdraw");
        tab.click(&second).await;
        server.restart().await;
        tab.until_shown("second").await;
        tab.until_hidden("#messages > [data-key]").await;
        let bodies: Vec<String> = stored(&bob, "lobby")
            .await
            .into_iter()
            .map(|(_, body)| body)
            .collect();
        assert_eq!(bodies, ["first", "second"]);
        server.kill();
        tab.until_not_live().await;
        tab.say("before the reload").await;
        server.restart().await;
        tab.reload().await;
        tab.until_shown("before the reload").await;
        assert_eq!(stored(&bob, "lobby").await.len(), 3);
    })
    .await;
}

/// The database has lost messages, and gives their numbers again.
async fn a_page_reads_again_what_was_restored() {
    for transport in Transport::ALL {
        trial("restored", async |browser, server| {
            let (tab, bob) = alice_and_bob(browser, server).await;
            browser.expect_errors(&["the server responded with a status of 422"]);
            tab.poll_often().await;
            tab.choose(transport).await;
            for body in ["kept", "lost", "lost too"] {
                bob.say("lobby", body).await;
            }
            tab.until_shown("lost too").await;
            server.change_by_hand(
                "DELETE FROM messages WHERE seq > 1; UPDATE rooms SET head = 1 WHERE name = 'lobby'",
            );
            bob.say("lobby", "again").await;
            tab.until_shown("again").await;
            let shown: Vec<_> = tab.shown().await.into_iter().map(|shown| shown.body).collect();
            assert_eq!(shown, ["kept", "again"], "{transport:?}");
            check_shown_as_stored(&tab, &bob, "lobby").await;
        })
        .await;
    }
}

/// Kills the server after the page has sent the first of two messages. If the server `hangs`
/// before, it has not read that message.
async fn lose_the_server_while_sending(
    tab: &Tab<'_>,
    server: &mut Server,
    hangs: bool,
    said: &str,
) {
    let first = format!("{said}: as it goes");
    let second = format!("{said}: while it is gone");
    tab.write(&first).await;
    if hangs {
        server.freeze();
    }
    tab.keys_anywhere(keys::ENTER).await;
    server.kill();
    tab.until_not_live().await;
    tab.say(&second).await;
    tab.until_visible("#messages > [data-key][data-state=sending]")
        .await;
    server.restart().await;
    tab.until_shown(&first).await;
    tab.until_shown(&second).await;
    tab.until_hidden("#messages > [data-key]").await;
}

/// Checks that the page and the server have the same messages, each once.
async fn check_once(tab: &Tab<'_>, reader: &User, count: usize) {
    check_shown_as_stored(tab, reader, "lobby").await;
    let mut bodies: Vec<String> = stored(reader, "lobby")
        .await
        .into_iter()
        .map(|(_, body)| body)
        .collect();
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), count);
    assert_eq!(tab.newest().await, count as u64, "none is stored twice");
}

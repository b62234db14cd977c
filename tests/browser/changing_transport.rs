//! Changing the transport while messages arrive.

use harness::browser::{Tab, check_shown_as_stored, keep_writing, trial};
use protocol::Transport;

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![no_message_is_lost_or_shown_twice_while_the_transport_changes];

async fn no_message_is_lost_or_shown_twice_while_the_transport_changes() {
    trial("toggle", async |browser, server| {
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let bob = server.user("bob").await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.poll_often().await;
        let writer = keep_writing(bob.clone());
        let there = Transport::ALL.into_iter();
        for transport in there.clone().chain(there.rev()) {
            tab.choose(transport).await;
            follow(&tab, transport).await;
        }
        writer.abort();
        let _ = writer.await;
        bob.say("lobby", "the end").await;
        tab.until_shown("the end").await;
        check_shown_as_stored(&tab, &bob, "lobby").await;
    })
    .await;
}

/// Waits until some messages have arrived over this transport, one of this page among them.
async fn follow(tab: &Tab<'_>, transport: Transport) {
    let own = format!("over {} after {}", transport.name(), tab.newest().await);
    tab.say(&own).await;
    let own = tab.until_shown(&own).await;
    assert!(own.own);
    tab.until_seq(own.seq.unwrap() + 5).await;
    tab.until_text("#status", transport.name()).await;
    tab.until_visible(&format!(
        "#status[data-transport={}][data-state=live]",
        transport.slug()
    ))
    .await;
}

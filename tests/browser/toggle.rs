//! Changing the transport in mid-conversation.

use harness::browser::{Tab, check_against, keep_writing, trial};
use protocol::Transport;

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![nothing_is_lost_or_told_twice_while_the_transport_changes];

async fn nothing_is_lost_or_told_twice_while_the_transport_changes() {
    trial("toggle", async |browser, server| {
        let alice = server.user("alice").await;
        browser.hold(server, &alice).await;
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
        check_against(&tab, &bob, "lobby").await;
    })
    .await;
}

/// Waits until some more have come this way, with one of one's own among them.
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

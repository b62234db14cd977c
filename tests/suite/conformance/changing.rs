//! Changing the transport in mid-conversation: no message is lost, repeated or out of order.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use protocol::Transport;

use harness::{Options, Reader, Server, User};

/// From every transport to every other, while messages keep coming.
#[tokio::test]
async fn between_every_ordered_pair_under_load() {
    let server = Server::start_with(Options::with(&["--sync", "normal"])).await;
    let alice = server.user("alice").await;
    let bob = server.user("bob").await;
    let done = Arc::new(AtomicBool::new(false));
    let posting = tokio::spawn(post_until(bob, done.clone()));
    let readers = Transport::ALL.map(|first| tokio::spawn(change_from(first, alice.clone())));
    let mut seen = Vec::new();
    for reader in readers {
        seen.push(reader.await.unwrap());
    }
    done.store(true, Ordering::Relaxed);
    let sent = posting.await.unwrap();
    for messages in seen {
        assert_eq!(messages, sent[..messages.len()]);
    }
}

async fn post_until(user: User, done: Arc<AtomicBool>) -> Vec<String> {
    let mut sent = Vec::new();
    while !done.load(Ordering::Relaxed) {
        sent.push(user.say("lobby", "and another thing").await);
    }
    sent
}

/// Reads a little over `first`, then over each transport, coming back to `first` in between.
async fn change_from(first: Transport, user: User) -> Vec<String> {
    let mut seen = Vec::new();
    for second in Transport::ALL {
        for transport in [first, second] {
            let mut reader = Reader::open(transport, &user, "lobby", seen.len() as u64);
            seen.extend(reader.take(7).await);
        }
    }
    seen
}

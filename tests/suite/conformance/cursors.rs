//! Where a reader starts, and that it then gets every message once and in order.

use protocol::Transport;
use tokio::task::JoinSet;

use harness::{End, Options, Reader, Server};

#[tokio::test]
async fn from_the_start() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut sent = alice.say_many("lobby", 5).await;
    for transport in Transport::ALL {
        let mut reader = Reader::open(transport, &alice, "lobby", 0);
        let seen = reader.take(sent.len()).await;
        assert_eq!(
            seen, sent,
            "{transport:?}: the bytes of the sender's response"
        );
        sent.push(alice.say("lobby", "and live").await);
        assert_eq!(Some(&reader.next().await.json), sent.last());
    }
}

#[tokio::test]
async fn from_the_head() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    for transport in Transport::ALL {
        alice.say("lobby", "before").await;
        let mut reader = Reader::open_at_head(transport, &alice, "lobby").await;
        let after = alice.say("lobby", "after").await;
        assert_eq!(reader.next().await.json, after, "{transport:?}");
    }
}

#[tokio::test]
async fn the_head_of_an_empty_room_is_0() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    for transport in Transport::ALL {
        let reader = Reader::open_at_head(transport, &alice, "lobby").await;
        assert_eq!(reader.cursor, 0, "{transport:?}");
    }
}

#[tokio::test]
async fn from_a_cursor() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let sent = alice.say_many("lobby", 9).await;
    for transport in Transport::ALL {
        for after in [1, 5, 8] {
            let mut reader = Reader::open(transport, &alice, "lobby", after);
            let rest = reader.take(9 - after as usize).await;
            assert_eq!(rest, sent[after as usize..], "{transport:?}");
        }
    }
}

#[tokio::test]
async fn a_cursor_beyond_the_head_is_refused() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "one").await;
    for transport in Transport::ALL {
        let mut reader = Reader::open(transport, &alice, "lobby", 2);
        assert_eq!(reader.ended().await, End::Refused(422), "{transport:?}");
    }
}

#[tokio::test]
async fn last_event_id_wins_over_after() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let sent = alice.say_many("lobby", 4).await;
    let mut response = server
        .http
        .get(server.url("/api/rooms/lobby/events?after=0"))
        .header("cookie", alice.cookie())
        .header("last-event-id", "3")
        .send()
        .await
        .unwrap();
    let first = response.chunk().await.unwrap().unwrap();
    assert_eq!(first, format!("id: 4\ndata: {}\n\n", sent[3]));
}

/// More messages than the server keeps in memory: the oldest come from the database, and the same
/// readers continue live.
#[tokio::test]
async fn far_behind() {
    let server = Server::start_with(Options::with(&["--sync", "normal"])).await;
    let alice = server.user("alice").await;
    let mut posts = JoinSet::new();
    for _ in 0..20 {
        let alice = alice.clone();
        posts.spawn(async move { alice.say_many("lobby", 70).await });
    }
    posts.join_all().await;
    let mut seen = Vec::new();
    for transport in Transport::ALL {
        let mut reader = Reader::open(transport, &alice, "lobby", 0);
        seen.push(reader.take(1_400).await);
        let live = alice.say("lobby", "live").await;
        // The loop has posted such a message for each earlier transport too.
        while reader.next().await.json != live {}
    }
    assert!(
        seen.windows(2).all(|pair| pair[0] == pair[1]),
        "the same bytes everywhere"
    );
}

/// Many users post while all transports read: each message once, in one order, byte for byte.
#[tokio::test]
async fn under_load() {
    let server = Server::start_with(Options::with(&["--sync", "normal"])).await;
    let users = [server.user("alice").await, server.user("bob").await];
    let readers = Transport::ALL.map(|transport| {
        let alice = users[0].clone();
        tokio::spawn(async move {
            let mut reader = Reader::open(transport, &alice, "lobby", 0);
            reader.take(600).await
        })
    });
    let mut posts = JoinSet::new();
    for number in 0..6 {
        let user = users[number % 2].clone();
        posts.spawn(async move { user.say_many("lobby", 100).await });
    }
    let mut sent: Vec<_> = posts.join_all().await.into_iter().flatten().collect();
    let mut seen = Vec::new();
    for reader in readers {
        seen.push(reader.await.unwrap());
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
    let mut seen = seen.remove(0);
    sent.sort();
    seen.sort();
    assert_eq!(
        seen, sent,
        "the messages of the senders, no more and no less"
    );
}

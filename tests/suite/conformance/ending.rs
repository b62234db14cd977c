//! How readers end: signed out, server stopping, client disconnected.

use std::{
    mem,
    time::{Duration, Instant},
};

use harness::{End, Reader, Server, Socket, User, raw, until};
use protocol::Transport;

fn open_feeds(transport: Transport) -> String {
    format!("pushlab_open_feeds{{transport=\"{}\"}}", transport.slug())
}

async fn until_open(server: &Server, transport: Transport, count: usize) {
    let name = open_feeds(transport);
    until(
        &format!("{count} readers are open over {transport:?}"),
        async || server.metric(&name).await == count as f64,
    )
    .await;
}

#[tokio::test]
async fn signing_out_ends_streams_and_parked_polls_at_once() {
    let server = Server::start().await;
    let bob = server.user("bob").await;
    for transport in Transport::ALL.into_iter().filter(|all| !all.pauses()) {
        let alice = User::nobody(&server);
        alice.sign_up("alice").await;
        alice.sign_in("alice", harness::user::PASSWORD).await;
        let mut reader = Reader::open(transport, &alice, "lobby", 0);
        let mut other = Reader::open(transport, &bob, "lobby", 0);
        until_open(&server, transport, 2).await;
        assert_eq!(alice.delete("/api/sessions").await.status(), 204);
        let expected = if transport.is_poll() {
            End::Refused(401)
        } else {
            End::Closed
        };
        assert_eq!(reader.ended().await, expected, "{transport:?}");
        let room = server.user(&format!("carol-{}", transport.slug())).await;
        let sent = room.say("lobby", "still here?").await;
        while other.next().await.json != sent {}
    }
}

#[tokio::test]
async fn signing_out_closes_a_socket_with_4401() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    alice.delete("/api/sessions").await;
    assert_eq!(socket.closed().await, Some(4401));
}

/// All sessions of the account end, also in other browsers.
#[tokio::test]
async fn signing_out_everywhere() {
    let server = Server::start().await;
    let here = server.user("alice").await;
    let there = User::nobody(&server);
    there.sign_in("alice", harness::user::PASSWORD).await;
    let mut reader = Reader::open(Transport::LongPoll, &there, "lobby", 0);
    until_open(&server, Transport::LongPoll, 1).await;
    assert_eq!(
        here.delete("/api/sessions?everywhere=true").await.status(),
        204
    );
    assert_eq!(reader.ended().await, End::Refused(401));
    assert_eq!(there.get("/api/rooms").await.status(), 401);
}

#[tokio::test]
async fn draining_ends_every_reader_and_exits_with_0() {
    let mut server = Server::start().await;
    let alice = server.user("alice").await;
    let poll = tokio::spawn({
        let alice = alice.clone();
        async move {
            alice
                .get("/api/rooms/lobby/messages?after=0&wait=60")
                .await
                .status()
        }
    });
    let mut stream = Reader::open(Transport::Sse, &alice, "lobby", 0);
    let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    for transport in [Transport::LongPoll, Transport::Sse, Transport::WebSocket] {
        until_open(&server, transport, 1).await;
    }
    let asked = Instant::now();
    server.ask_to_stop();
    assert_eq!(poll.await.unwrap(), 204);
    assert_eq!(stream.ended().await, End::Closed);
    assert_eq!(socket.closed().await, Some(1001));
    assert_eq!(server.stopped().await, Some(0));
    assert!(asked.elapsed() < Duration::from_secs(10));
}

/// Parked polls, streams and sockets of disconnected clients end within 2 s.
#[tokio::test]
async fn readers_end_with_their_clients() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    for (transport, path, extra) in [
        (Transport::LongPoll, "messages?after=0&wait=60", ""),
        (Transport::Sse, "events?after=0", ""),
        (Transport::WebSocket, "ws?after=0", raw::UPGRADE),
    ] {
        let request = format!("GET /api/rooms/lobby/{path}\r\n{extra}");
        let mut connections = Vec::new();
        for _ in 0..50 {
            connections.push(raw::request(&server, &alice, &request, "").await);
        }
        until_open(&server, transport, 50).await;
        let closed_at = Instant::now();
        drop(connections);
        until_open(&server, transport, 0).await;
        assert!(
            closed_at.elapsed() < Duration::from_secs(2),
            "{transport:?}"
        );
    }
}

/// A handler may be dropped at any await. The messages that it was storing still reach the readers.
#[tokio::test]
async fn posts_of_disconnected_clients_reach_all_readers() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut reader = Reader::open(Transport::WebSocket, &alice, "lobby", 0);
    for _ in 0..40 {
        let head = "POST /api/rooms/lobby/messages\r\ncontent-type: application/json\r\n";
        drop(raw::request(&server, &alice, head, r#"{"body":"going"}"#).await);
    }
    let last = alice.say("lobby", "staying").await;
    let mut seen = Vec::new();
    while seen.last() != Some(&last) {
        seen.push(reader.next().await.json);
    }
    let mut stored = Reader::open(Transport::ShortPoll, &alice, "lobby", 0);
    assert_eq!(stored.take(seen.len()).await, seen);
}

/// Whenever the client disconnects, database and memory agree: the server's responses are the same
/// before and after a restart.
#[tokio::test]
async fn a_disconnected_client_leaves_no_inconsistent_state() {
    let mut server = Server::start().await;
    let alice = server.user("alice").await;
    let mut users = Vec::new();
    for number in 0..40 {
        let user = server.user(&format!("user-{number}")).await;
        let head = "POST /api/rooms\r\ncontent-type: application/json\r\n";
        let body = format!("{{\"name\":\"room-{number}\"}}");
        let creating = raw::request(&server, &user, head, &body).await;
        let signing_out = raw::request(&server, &user, "DELETE /api/sessions", "").await;
        // Some disconnect before their requests are read, some during, some after.
        tokio::time::sleep(Duration::from_micros(number * 50)).await;
        drop((creating, signing_out));
        users.push(user);
    }
    let rooms = async || alice.get("/api/rooms").await.text().await.unwrap();
    let signed_in = async || {
        let mut statuses = Vec::new();
        for user in &users {
            statuses.push(user.get("/api/rooms").await.status());
        }
        statuses
    };
    // What the server does for somebody who has gone goes on for some milliseconds.
    let mut before = (signed_in().await, rooms().await);
    until("two readings are equal", async || {
        let earlier = mem::replace(&mut before, (signed_in().await, rooms().await));
        earlier == before
    })
    .await;
    server.ask_to_stop();
    server.stopped().await;
    server.restart().await;
    assert_eq!((signed_in().await, rooms().await), before);
}

//! Presence: who is present, how soon changes are seen, and which requests do not count.

use std::time::{Duration, Instant};

use protocol::{Presence, Transport};
use serde_json::json;

use harness::{Reader, Server, Socket, User, until};

async fn presence(user: &User) -> Presence {
    let response = user.get("/api/rooms/lobby/presence").await;
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

fn names(presence: &Presence) -> Vec<&str> {
    presence
        .here
        .iter()
        .map(|person| person.username.as_str())
        .collect()
}

fn transports(presence: &Presence, name: &str) -> Vec<Transport> {
    let person = presence.here.iter().find(|person| person.username == name);
    person.map_or(Vec::new(), |person| person.transports.clone())
}

#[tokio::test]
async fn every_transport_delivers_presence() {
    let server = Server::start().await;
    for transport in Transport::ALL {
        let name = format!("user-{}", transport.slug());
        let user = server.user(&name).await;
        let mut reader = Reader::open_with_presence(transport, &user, "lobby");
        reader
            .until_presence("its own presence", |presence| {
                transports(presence, &name) == [transport]
            })
            .await;
        let shown = reader.presence.last().unwrap();
        let person = shown
            .here
            .iter()
            .find(|person| person.username == name)
            .unwrap();
        assert_eq!(person.display_name, format!("{} ✓", name.to_uppercase()));
        assert_eq!(shown.count, shown.here.len());
    }
}

#[tokio::test]
async fn presence_is_sent_only_to_readers_that_want_it() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let bob = server.user("bob").await;
    for transport in Transport::ALL {
        let mut with_presence = Reader::open_with_presence(transport, &alice, "lobby");
        let mut without_presence = Reader::open(transport, &alice, "lobby", 0);
        let bob_reader = Reader::open(Transport::WebSocket, &bob, "lobby", 0);
        with_presence
            .until_presence("bob has come", |now| names(now).contains(&"bob"))
            .await;
        bob_reader.vanish();
        with_presence
            .until_presence("bob has gone", |now| !names(now).contains(&"bob"))
            .await;
        let versions: Vec<_> = with_presence
            .presence
            .iter()
            .map(|presence| presence.version)
            .collect();
        assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");
        let sent = alice.say("lobby", "anybody?").await;
        while without_presence.next().await.json != sent {}
        assert!(without_presence.presence.is_empty(), "{transport:?}");
    }
}

#[tokio::test]
async fn a_stream_that_closes_is_gone_without_the_grace_of_a_poll() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let bob = server.user("bob").await;
    for transport in [Transport::Sse, Transport::WebSocket] {
        let bob_reader = Reader::open(transport, &bob, "lobby", 0);
        until("bob is here", async || {
            names(&presence(&alice).await) == ["bob"]
        })
        .await;
        let left = Instant::now();
        bob_reader.vanish();
        until("bob is gone", async || presence(&alice).await.count == 0).await;
        // The limit is one second, which a busy machine may exceed; for a poll it would be 10 s.
        let took = left.elapsed();
        assert!(took < Duration::from_secs(5), "{transport:?}: {took:?}");
    }
}

#[tokio::test]
async fn several_tabs_of_one_account_count_once() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let first = Reader::open(Transport::WebSocket, &alice, "lobby", 0);
    let _second = Reader::open(Transport::WebSocket, &alice, "lobby", 0);
    let _third = Reader::open(Transport::Sse, &alice, "lobby", 0);
    let both = [Transport::Sse, Transport::WebSocket];
    until("alice is here twice over", async || {
        transports(&presence(&alice).await, "alice") == both
    })
    .await;
    let version = presence(&alice).await.version;
    first.vanish();
    until("one socket has closed", async || {
        server
            .metric("pushlab_open_feeds{transport=\"websocket\"}")
            .await
            == 1.0
    })
    .await;
    let now = presence(&alice).await;
    assert_eq!(
        (now.version, now.count),
        (version, 1),
        "nothing has changed"
    );
}

#[tokio::test]
async fn a_polling_client_is_present_between_its_polls() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let bob = server.user("bob").await;
    alice
        .get("/api/rooms/lobby/messages?after=0&interval=30")
        .await;
    bob.get("/api/rooms/lobby/messages?after=0&wait=1").await;
    until("both are here", async || {
        names(&presence(&alice).await) == ["alice", "bob"]
    })
    .await;
    let shown = presence(&alice).await;
    assert_eq!(transports(&shown, "alice"), [Transport::ShortPoll]);
    assert_eq!(transports(&shown, "bob"), [Transport::LongPoll]);
    // Bob gave no interval, so he is absent 10 s after his last poll; alice has 40 s.
    let polled = Instant::now();
    while names(&presence(&alice).await) != ["alice"] {
        assert!(polled.elapsed() < Duration::from_secs(13));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(
        polled.elapsed() > Duration::from_secs(8),
        "{:?}",
        polled.elapsed()
    );
}

#[tokio::test]
async fn presence_and_history_requests_make_no_one_present() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "one").await;
    alice.get("/api/rooms/lobby/messages?before=2").await;
    assert_eq!(presence(&alice).await.count, 0);
    assert_eq!(presence(&alice).await.count, 0);
}

#[tokio::test]
async fn typing_is_shown_until_the_message_comes_or_5_s_have_passed() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let bob = server.user("bob").await;
    let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    let mut watching = Reader::open_with_presence(Transport::Sse, &bob, "lobby");
    let typing = |presence: &Presence| {
        presence
            .here
            .iter()
            .any(|person| person.username == "alice" && person.typing)
    };
    socket.send(json!({"typing": {}})).await;
    watching.until_presence("alice is typing", typing).await;
    socket.send_message("k", "done").await;
    watching
        .until_presence("alice has sent it", |now| !typing(now))
        .await;

    let started = Instant::now();
    assert_eq!(
        alice
            .post("/api/rooms/lobby/typing", json!({}))
            .await
            .status(),
        204
    );
    watching
        .until_presence("alice is typing again", typing)
        .await;
    watching
        .until_presence("alice has given up", |now| !typing(now))
        .await;
    let shown = started.elapsed();
    assert!(
        shown > Duration::from_secs(4) && shown < Duration::from_secs(7),
        "{shown:?}"
    );
}

/// However many accounts come and go, a reader gets at most two documents a second.
#[tokio::test]
async fn changes_are_combined() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut watching = Reader::open_with_presence(Transport::WebSocket, &alice, "lobby");
    watching
        .until_presence("alice is here", |now| now.count == 1)
        .await;
    let started = Instant::now();
    let mut guests = Vec::new();
    for number in 0..12 {
        let guest = server.user(&format!("guest-{number:02}")).await;
        guests.push(Reader::open(Transport::WebSocket, &guest, "lobby", 0));
    }
    watching
        .until_presence("all are here", |now| now.count == 13)
        .await;
    let allowed = 2.0 + 2.0 * started.elapsed().as_secs_f64();
    let documents = watching.presence.len() as f64;
    assert!(
        documents <= allowed,
        "{documents} documents in {:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn polls_include_presence_only_if_the_version_differs() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let bob = server.user("bob").await;
    let _bob = Reader::open(Transport::WebSocket, &bob, "lobby", 0);
    until("bob is here", async || presence(&alice).await.count == 1).await;
    let long = alice
        .get("/api/rooms/lobby/messages?after=0&wait=10&presence=0")
        .await;
    let long: serde_json::Value = long.json().await.unwrap();
    assert_eq!(
        long["messages"],
        json!([]),
        "it returned for presence alone"
    );
    assert!(long["presence"]["count"].as_u64().unwrap() >= 1, "{long}");
    let mut version = 0;
    until("the client has the current version", async || {
        let path = format!("/api/rooms/lobby/messages?after=0&interval=30&presence={version}");
        let short = alice.get(&path).await;
        if short.status() == 204 {
            return true;
        }
        let body: serde_json::Value = short.json().await.unwrap();
        let new_version = body["presence"]["version"].as_u64().unwrap();
        assert_ne!(
            new_version, version,
            "a version that the client already has"
        );
        version = new_version;
        false
    })
    .await;
    assert_eq!(presence(&alice).await.version, version);
}

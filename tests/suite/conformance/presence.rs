//! Who is here, how soon it is known, and what makes nobody present.

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
async fn every_transport_shows_who_is_here() {
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
async fn arrivals_are_told_to_those_who_asked_and_to_no_others() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let bob = server.user("bob").await;
    for transport in Transport::ALL {
        let mut asked = Reader::open_with_presence(transport, &alice, "lobby");
        let mut silent = Reader::open(transport, &alice, "lobby", 0);
        let visit = Reader::open(Transport::WebSocket, &bob, "lobby", 0);
        asked
            .until_presence("bob has come", |now| names(now).contains(&"bob"))
            .await;
        visit.vanish().await;
        asked
            .until_presence("bob has gone", |now| !names(now).contains(&"bob"))
            .await;
        let versions: Vec<_> = asked
            .presence
            .iter()
            .map(|presence| presence.version)
            .collect();
        assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");
        let said = alice.say("lobby", "anybody?").await;
        while silent.next().await.json != said {}
        assert!(silent.presence.is_empty(), "{transport:?}");
    }
}

#[tokio::test]
async fn a_stream_that_closes_is_gone_without_the_grace_of_a_poll() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let bob = server.user("bob").await;
    for transport in [Transport::Sse, Transport::WebSocket] {
        let visit = Reader::open(transport, &bob, "lobby", 0);
        until("bob is here", async || {
            names(&presence(&alice).await) == ["bob"]
        })
        .await;
        let left = Instant::now();
        visit.vanish().await;
        until("bob is gone", async || presence(&alice).await.count == 0).await;
        // A second is promised, which a busy machine may not have; a poll would have 10 s.
        let took = left.elapsed();
        assert!(took < Duration::from_secs(5), "{transport:?}: {took:?}");
    }
}

#[tokio::test]
async fn somebody_in_many_tabs_is_one_person() {
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
    first.vanish().await;
    until("one socket has closed", async || {
        server
            .metric("pushlab_open_feeds{transport=\"websocket\"}")
            .await
            == 1.0
    })
    .await;
    let now = presence(&alice).await;
    assert_eq!((now.version, now.count), (version, 1), "nothing to tell");
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
    // Bob promised nothing, so he is gone 10 s after his last poll; alice has 40 s.
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
async fn asking_makes_nobody_present() {
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

/// However many come and go, a reader is told at most twice a second.
#[tokio::test]
async fn changes_are_folded_together() {
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
    let told = watching.presence.len() as f64;
    assert!(
        told <= allowed,
        "{told} documents in {:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn polls_tell_presence_when_the_version_differs_and_only_then() {
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
    until("everything is known", async || {
        let path = format!("/api/rooms/lobby/messages?after=0&interval=30&presence={version}");
        let short = alice.get(&path).await;
        if short.status() == 204 {
            return true;
        }
        let answer: serde_json::Value = short.json().await.unwrap();
        let told = answer["presence"]["version"].as_u64().unwrap();
        assert_ne!(told, version, "told what was known");
        version = told;
        false
    })
    .await;
    assert_eq!(presence(&alice).await.version, version);
}

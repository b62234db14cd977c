//! Memory and rooms have limits.

use harness::{
    Options, Reader, Server,
    raw::{self, UPGRADE},
    server::problem,
};
use protocol::Transport;
use serde_json::{Value, json};

#[tokio::test]
async fn quiet_rooms_give_their_memory_back_and_lose_nothing() {
    let server =
        Server::start_with(Options::with(&["--log-memory", "8", "--sync", "normal"])).await;
    let alice = server.user("alice").await;
    let rooms: Vec<String> = (0..12).map(|number| format!("room-{number}")).collect();
    for room in &rooms {
        alice.post("/api/rooms", json!({"name": room})).await;
        for _ in 0..250 {
            let body = "x".repeat(4_000);
            let stored = alice.post_message(room, json!({"body": body})).await;
            assert_eq!(stored.status(), 201);
        }
    }
    let budget = server.metric("pushlab_log_budget_bytes").await;
    let kept = server.metric("pushlab_log_bytes").await;
    assert!(
        budget == 8_388_608.0 && kept > 1e6 && kept <= budget,
        "{kept} of {budget}"
    );
    for room in [&rooms[0], &rooms[11]] {
        let mut reader = Reader::open(Transport::LongPoll, &alice, room, 0);
        reader.take(250).await;
    }
}

#[tokio::test]
async fn rooms_are_limited_in_all_and_per_account() {
    let limits = ["--rooms", "5", "--rooms-per-account", "2"];
    let server = Server::start_with(Options::with(&limits)).await;
    let create = async |name: &str, rooms: u32| {
        let user = server.user(name).await;
        for number in 0..rooms {
            let room = json!({"name": format!("{name}-{number}")});
            assert_eq!(user.post("/api/rooms", room).await.status(), 201);
        }
        let one_more = user
            .post("/api/rooms", json!({"name": format!("{name}-more")}))
            .await;
        assert!(one_more.headers().contains_key("retry-after"));
        problem(one_more, 429).await;
    };
    create("alice", 2).await;
    create("bob", 2).await;
    create("carol", 0).await;
}

#[tokio::test]
async fn rooms_are_listed_page_by_page() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    for name in ["a", "b", "c"] {
        alice.post("/api/rooms", json!({"name": name})).await;
    }
    let names = async |query: &str| {
        let list: Value = alice
            .get(&format!("/api/rooms{query}"))
            .await
            .json()
            .await
            .unwrap();
        let rooms = list["rooms"].as_array().unwrap().iter();
        rooms
            .map(|room| room["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("").await, ["a", "b", "c", "lobby"]);
    assert_eq!(names("?limit=2").await, ["a", "b"]);
    assert_eq!(names("?limit=2&after=b").await, ["c", "lobby"]);
    problem(alice.get("/api/rooms?limit=0").await, 422).await;
}

/// They hold the buffers of their connections, and not the messages that they have not read.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn readers_that_never_read_hold_no_messages() {
    const READERS: i64 = 200;
    let server = Server::start_with(Options::with(&["--sync", "normal"])).await;
    let alice = server.user("alice").await;
    let mut silent = Vec::new();
    for _ in 0..READERS {
        let head = format!("GET /api/rooms/lobby/ws?after=0\r\n{UPGRADE}");
        silent.push(raw::request(&server, &alice, &head, "").await);
    }
    let mut reader = Reader::open(Transport::Sse, &alice, "lobby", 0);
    alice.say("lobby", "first").await;
    reader.next().await;
    let before = server.resident_bytes();
    let body = "x".repeat(4_000);
    for _ in 0..500 {
        alice.say("lobby", &body).await;
    }
    reader.take(500).await;
    let grown = server.resident_bytes() - before;
    // 500 messages of 4 KB are kept three times, in all encodings; for all readers they would be 400 MB.
    let limit = READERS * (64 << 10) + (16 << 20);
    assert!(grown < limit, "{grown} of {limit}");
}

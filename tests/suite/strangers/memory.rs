//! Memory and rooms have limits.

use harness::{
    Options, Reader, Server, User,
    raw::{self, UPGRADE},
    server::problem,
    soon, until,
};
use protocol::{PollResponse, Transport};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;

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

/// As large as a message can be.
async fn fill(server: &Server, messages: usize) -> User {
    let alice = server.user("alice").await;
    let body = "😀".repeat(4_000);
    for _ in 0..messages {
        let stored = alice.post_message("lobby", json!({"body": body})).await;
        assert_eq!(stored.status(), 201);
    }
    alice
}

const ALL: &str = "/api/rooms/lobby/messages?after=0&limit=500";

#[tokio::test]
async fn a_large_answer_is_whole_however_it_is_asked_for() {
    let server = Server::start_with(Options::with(&["--sync", "normal"])).await;
    let alice = fill(&server, 40).await;
    for path in [
        "?after=0&limit=500",
        "?after=0&limit=500&wait=5",
        "?before=41&limit=500",
        "?after=9&limit=30",
        "?before=40&limit=30",
    ] {
        let answer = alice.get(&format!("/api/rooms/lobby/messages{path}")).await;
        let length: usize = answer.headers()["content-length"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        let bytes = answer.bytes().await.unwrap();
        assert_eq!(bytes.len(), length, "{path}");
        let answer: PollResponse = serde_json::from_slice(&bytes).unwrap();
        let numbers: Vec<_> = answer.messages.iter().map(|message| message.seq).collect();
        let expected: Vec<_> = match path {
            "?after=9&limit=30" | "?before=40&limit=30" => (10..=39).collect(),
            _ => (1..=40).collect(),
        };
        assert_eq!((numbers, answer.head), (expected, 40), "{path}");
    }
    // Another request on the same connection.
    alice.say("lobby", "and on").await;
}

/// A client asks for 8 MB and does not read them.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn answers_that_are_not_read_hold_no_messages() {
    const CLIENTS: i64 = 60;
    let settings = ["--sync", "normal", "--log-memory", "8"];
    let server = Server::start_with(Options::with(&settings)).await;
    let alice = fill(&server, 500).await;
    let whole = alice.get(ALL).await.bytes().await.unwrap();
    let before = server.resident_bytes();
    let mut silent = Vec::new();
    for _ in 0..CLIENTS {
        silent.push(raw::request(&server, &alice, &format!("GET {ALL}"), "").await);
    }
    until("all are being answered", async || {
        server.metric("pushlab_answer_bytes").await == (CLIENTS * (256 << 10)) as f64
    })
    .await;
    let grown = server.resident_bytes() - before;
    let limit = CLIENTS * (256 << 10) + (16 << 20);
    assert!(grown < limit, "{grown} of {limit}");
    // Who reads gets all of it.
    let mut received = Vec::new();
    while !received.ends_with(&whole[whole.len() - 30..]) {
        let mut part = vec![0; 64 << 10];
        let read = soon("the rest", silent[0].read(&mut part)).await.unwrap();
        assert!(read > 0, "the answer ended early");
        received.extend_from_slice(&part[..read]);
    }
    assert!(received.ends_with(&whole));
}

#[tokio::test]
async fn large_answers_share_a_budget() {
    let settings = ["--sync", "normal", "--answer-memory", "1"];
    let server = Server::start_with(Options::with(&settings)).await;
    let alice = fill(&server, 500).await;
    assert_eq!(
        server.metric("pushlab_answer_budget_bytes").await,
        1_048_576.0
    );
    let mut silent = Vec::new();
    for _ in 0..4 {
        silent.push(raw::request(&server, &alice, &format!("GET {ALL}"), "").await);
    }
    until("the budget is used up", async || {
        server.metric("pushlab_answer_bytes").await == 1_048_576.0
    })
    .await;
    let refused = alice.get(ALL).await;
    assert!(refused.headers().contains_key("retry-after"));
    problem(refused, 503).await;
    let refusals = server
        .metric("pushlab_refused_total{limit=\"answer_memory\"}")
        .await;
    assert_eq!(refusals, 1.0);
    // Small answers need none of it, and what others have given back is there again.
    assert_eq!(
        alice
            .get("/api/rooms/lobby/messages?after=499")
            .await
            .status(),
        200
    );
    drop(silent);
    let whole = alice.get(ALL).await;
    assert_eq!(whole.status(), 200);
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

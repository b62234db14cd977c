//! Posting over HTTP and over a WebSocket; with a key, a message is stored once.

use protocol::Transport;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use harness::{Reader, Server, Socket, server::problem};

#[tokio::test]
async fn a_key_stores_a_message_once() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let bob = server.user("bob").await;
    let first = alice
        .post_message("lobby", json!({"body": "hi", "key": "k1"}))
        .await;
    assert_eq!(first.status(), 201);
    let first = first.text().await.unwrap();
    let again = alice
        .post_message("lobby", json!({"body": "changed", "key": "k1"}))
        .await;
    assert_eq!(again.status(), 200);
    assert_eq!(
        again.text().await.unwrap(),
        first,
        "the message first stored"
    );
    for (user, room) in [(&bob, "lobby"), (&alice, "other")] {
        alice.post("/api/rooms", json!({"name": "other"})).await;
        let response = user
            .post_message(room, json!({"body": "mine", "key": "k1"}))
            .await;
        assert_eq!(
            response.status(),
            201,
            "a key belongs to one author in one room"
        );
    }
}

#[tokio::test]
async fn a_key_used_many_times_at_once_stores_a_message_once() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut posts = JoinSet::new();
    for _ in 0..20 {
        let alice = alice.clone();
        posts.spawn(async move {
            let response = alice
                .post_message("lobby", json!({"body": "hi", "key": "k"}))
                .await;
            (response.status().as_u16(), response.text().await.unwrap())
        });
    }
    let responses = posts.join_all().await;
    assert_eq!(
        responses
            .iter()
            .filter(|(status, _)| *status == 201)
            .count(),
        1
    );
    assert!(
        responses
            .iter()
            .all(|(_, message)| *message == responses[0].1)
    );
}

#[tokio::test]
async fn sends_on_a_socket_are_numbered_in_their_order_and_acknowledged() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    for number in 1..=50 {
        socket
            .send_message(&format!("k{number}"), &format!("number {number}"))
            .await;
    }
    let (mut acks, mut messages) = (Vec::new(), Vec::new());
    while acks.len() < 50 || messages.len() < 50 {
        let frame = socket.json().await;
        if let Some(ack) = frame.get("ack") {
            acks.push((ack["key"].clone(), ack["seq"].clone()));
        } else {
            messages.push((
                frame["message"]["key"].clone(),
                frame["message"]["seq"].clone(),
            ));
        }
    }
    let expected: Vec<(Value, Value)> = (1..=50)
        .map(|number| (json!(format!("k{number}")), json!(number)))
        .collect();
    assert_eq!((acks, messages), (expected.clone(), expected));
}

#[tokio::test]
async fn a_key_is_shared_between_http_and_websocket() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    socket.send_message("k", "hi").await;
    let ack = socket.member("ack").await;
    let again = alice
        .post_message("lobby", json!({"body": "hi", "key": "k"}))
        .await;
    assert_eq!(again.status(), 200);
    assert_eq!(again.json::<Value>().await.unwrap()["seq"], ack["seq"]);
    socket.send_message("k", "hi").await;
    assert_eq!(socket.member("ack").await, ack);
}

#[tokio::test]
async fn bodies_are_kept_exactly_and_bounded() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let longest = "𝒳".repeat(4_000);
    let bodies = [
        " padded\t",
        "two\nlines\r\n",
        "<b>&amp;</b>",
        "\u{1f469}\u{200d}\u{1f52c} שלום",
        "\0",
        &longest,
    ];
    for body in bodies {
        let response = alice.post_message("lobby", json!({ "body": body })).await;
        assert_eq!(response.status(), 201, "{body:?}");
        assert_eq!(response.json::<Value>().await.unwrap()["body"], body);
    }
    for transport in Transport::ALL {
        let mut reader = Reader::open(transport, &alice, "lobby", 0);
        for body in bodies {
            assert_eq!(reader.next().await.message.body, body, "{transport:?}");
        }
    }
    for (message, field) in [
        (json!({"body": ""}), "body"),
        (json!({}), "body"),
        (json!({"body": "x".repeat(4_001)}), "body"),
        (json!({"body": "x", "key": ""}), "key"),
        (json!({"body": "x", "key": "k".repeat(65)}), "key"),
        (json!({"body": "x", "key": "ключ"}), "key"),
    ] {
        let problem = problem(alice.post_message("lobby", message).await, 422).await;
        assert!(problem["errors"][field].is_string(), "{problem}");
    }
}

//! A session sees its own connections only.

use harness::{Reader, Server, User, server::problem};
use protocol::Transport;
use serde_json::Value;

use super::viewing::{connections, exchange, viewing_user};

#[tokio::test]
async fn connections_of_other_sessions_are_not_shown() {
    let server = Server::start().await;
    let alice = viewing_user(&server, "alice").await;
    let mallory = viewing_user(&server, "mallory").await;
    let mut reader = Reader::open(Transport::WebSocket, &alice, "lobby", 0);
    alice.say("lobby", "between us").await;
    reader.next().await;
    exchange(&alice, Transport::WebSocket, 1).await;
    let shown = connections(&mallory).await;
    assert_eq!(shown["carried"], serde_json::json!([]));
    for connection in shown["connections"].as_array().unwrap() {
        assert_eq!(connection["room"], Value::Null);
    }
    let path = "/api/exchanges?room=lobby&seq=1&transport=websocket";
    problem(mallory.get(path).await, 404).await;
    let cut: Value = mallory
        .delete("/api/connections?room=lobby")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(cut["cut"], 0);
    let signed_out = User::apart(&server);
    problem(signed_out.get("/api/connections").await, 401).await;
    problem(signed_out.get(path).await, 401).await;
}

#[tokio::test]
async fn a_connection_that_two_sessions_have_used_is_shown_to_neither() {
    let server = Server::start().await;
    let alice = viewing_user(&server, "alice").await;
    let other = alice.other_browser();
    assert_eq!(other.sign_up("bob").await.status(), 201);
    assert_eq!(other.get("/api/rooms").await.status(), 200);
    // Both use one pool of connections, as behind a proxy: bob has used the one of alice.
    let shown = connections(&alice).await;
    assert_eq!(shown["connections"], serde_json::json!([]));
}

#[tokio::test]
async fn the_other_account_of_a_browser_keeps_its_costs_after_a_sign_out() {
    let server = Server::start().await;
    let user = viewing_user(&server, "alice").await;
    assert_eq!(user.sign_up("bob").await.status(), 201);
    let mut reader = Reader::open(Transport::WebSocket, &user, "lobby", 0);
    user.say("lobby", "while both are here").await;
    reader.next().await;
    assert_eq!(user.delete("/api/sessions?as=alice").await.status(), 204);
    let shown = connections(&user).await;
    let mut open = shown["connections"].as_array().unwrap().iter();
    assert!(open.any(|each| each["transport"] == "websocket"), "{shown}");
    let earlier = "/api/exchanges?room=lobby&seq=1&transport=websocket";
    problem(user.get(earlier).await, 404).await;
    user.say("lobby", "bob alone").await;
    reader.next().await;
    exchange(&user, Transport::WebSocket, 2).await;
}

//! Whose a connection is: nobody else is told of it.

use harness::{Reader, Server, User, server::problem};
use protocol::Transport;
use serde_json::Value;

use super::looking::{connections, exchange, looking};

#[tokio::test]
async fn nobody_is_told_of_the_connections_of_others() {
    let server = Server::start().await;
    let alice = looking(&server, "alice").await;
    let mallory = looking(&server, "mallory").await;
    let mut reader = Reader::open(Transport::WebSocket, &alice, "lobby", 0);
    alice.say("lobby", "between us").await;
    reader.next().await;
    exchange(&alice, Transport::WebSocket, 1).await;
    let told = connections(&mallory).await;
    assert_eq!(told["carried"], serde_json::json!([]));
    for connection in told["connections"].as_array().unwrap() {
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
    let nobody = User::apart(&server);
    problem(nobody.get("/api/connections").await, 401).await;
    problem(nobody.get(path).await, 401).await;
}

#[tokio::test]
async fn a_connection_that_two_sessions_have_used_is_told_to_neither() {
    let server = Server::start().await;
    let alice = looking(&server, "alice").await;
    let other = alice.other_browser();
    assert_eq!(other.sign_up("bob").await.status(), 201);
    assert_eq!(other.get("/api/rooms").await.status(), 200);
    // One pool of connections, as behind a proxy: what alice had, bob has used.
    let told = connections(&alice).await;
    assert_eq!(told["connections"], serde_json::json!([]));
}

#[tokio::test]
async fn who_shares_a_browser_keeps_the_figures_when_another_signs_out() {
    let server = Server::start().await;
    let user = looking(&server, "alice").await;
    assert_eq!(user.sign_up("bob").await.status(), 201);
    let mut reader = Reader::open(Transport::WebSocket, &user, "lobby", 0);
    user.say("lobby", "while both are here").await;
    reader.next().await;
    assert_eq!(user.delete("/api/sessions?as=alice").await.status(), 204);
    let told = connections(&user).await;
    let mut open = told["connections"].as_array().unwrap().iter();
    assert!(open.any(|each| each["transport"] == "websocket"), "{told}");
    let gone = "/api/exchanges?room=lobby&seq=1&transport=websocket";
    problem(user.get(gone).await, 404).await;
    user.say("lobby", "bob alone").await;
    reader.next().await;
    exchange(&user, Transport::WebSocket, 2).await;
}

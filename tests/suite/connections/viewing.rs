//! Helpers: a user that views its connections.

use harness::{Server, User, until};
use protocol::Transport;
use serde_json::Value;

/// A user that shares its connections with no other, and views them.
pub async fn viewing_user(server: &Server, name: &str) -> User {
    let user = User::apart(server);
    assert_eq!(user.sign_up(name).await.status(), 201);
    connections(&user).await;
    user
}

pub async fn connections(user: &User) -> Value {
    let response = user.get("/api/connections").await;
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

/// What reading the lobby over `transport` has cost.
pub async fn reading_cost(user: &User, transport: Transport) -> Option<Value> {
    let all = connections(user).await;
    let mut costs = all["carried"].as_array().unwrap().iter();
    costs
        .find(|each| each["transport"] == transport.slug() && each["room"] == "lobby")
        .cloned()
}

/// The exchange that delivered a message. It is recorded when the kernel has taken the bytes, which
/// is a moment before or after their reader has them.
pub async fn exchange(user: &User, transport: Transport, seq: u64) -> Value {
    let slug = transport.slug();
    let path = format!("/api/exchanges?room=lobby&seq={seq}&transport={slug}");
    let mut shown = Value::Null;
    until("the exchange is recorded", async || {
        let response = user.get(&path).await;
        let is_recorded = response.status() == 200;
        shown = response.json().await.unwrap();
        is_recorded
    })
    .await;
    shown
}

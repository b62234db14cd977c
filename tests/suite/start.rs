//! What a page needs to begin, in one response: `GET /api/start`.

use harness::{Server, User};
use serde_json::{Value, json};

async fn start(user: &User, query: &str) -> Value {
    let response = user.get(&format!("/api/start?{query}")).await;
    assert_eq!(response.status(), 200, "{query}");
    assert_eq!(response.headers()["cache-control"], "no-store");
    response.json().await.unwrap()
}

async fn said_by(user: &User, path: &str) -> Value {
    user.get(path).await.json().await.unwrap()
}

#[tokio::test]
async fn it_has_what_the_requests_that_it_replaces_have() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say_many("lobby", 30).await;
    let start = start(&alice, "as=alice&room=lobby&limit=20").await;
    let history = "/api/rooms/lobby/messages?before=31&limit=20";
    assert_eq!(start["history"], said_by(&alice, history).await);
    assert_eq!(start["history"]["head"], 30);
    let rooms = said_by(&alice, "/api/rooms").await;
    assert_eq!(start["rooms"], rooms["rooms"]);
    assert_eq!(start["epoch"], rooms["epoch"]);
    let sessions = said_by(&alice, "/api/sessions").await;
    assert_eq!(start["accounts"], sessions["accounts"]);
    assert_eq!(start["account"], sessions["accounts"][0]);
    let transports = said_by(&alice, "/transports.json").await;
    assert_eq!(start["transports"], transports);
    assert_eq!(start["server"], said_by(&alice, "/server.json").await);
}

/// A page says who has to sign in, and nobody else learns which rooms there are.
#[tokio::test]
async fn who_is_not_signed_in_is_told_that_alone() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "for members").await;
    let stranger = server.get("/api/start?room=lobby").await;
    let stranger: Value = stranger.json().await.unwrap();
    let known_as_another = start(&alice, "as=bob&room=lobby").await;
    assert_eq!(stranger["accounts"], json!([]));
    assert_eq!(known_as_another["accounts"].as_array().unwrap().len(), 1);
    for told in [stranger, known_as_another] {
        assert_eq!(told["account"], Value::Null);
        assert_eq!(told["rooms"], json!([]));
        assert_eq!(told["epoch"], Value::Null);
        assert_eq!(told["history"], Value::Null);
        assert_eq!(told["transports"].as_array().unwrap().len(), 4);
    }
}

#[tokio::test]
async fn a_history_that_is_missing_or_large_is_asked_for_by_itself() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let empty = start(&alice, "room=lobby").await;
    assert_eq!(empty["history"], json!({ "messages": [], "head": 0 }));
    for query in ["", "room=nowhere", "room=%00"] {
        assert_eq!(start(&alice, query).await["history"], Value::Null);
    }
    for _ in 0..20 {
        alice.say("lobby", &"x".repeat(4_000)).await;
    }
    let large = start(&alice, "room=lobby").await;
    assert_eq!(large["history"], Value::Null);
    assert_eq!(large["rooms"][0]["head"], 20);
    let refused = alice.get("/api/start?limit=0").await;
    assert_eq!(refused.status(), 422);
}

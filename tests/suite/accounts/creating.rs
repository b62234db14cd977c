//! Creating an account.

use harness::{Server, User, server::problem, user::PASSWORD};
use serde_json::{Value, json};

use super::signed_in::signed_in;

#[tokio::test]
async fn an_account_is_created_and_signed_in_to() {
    let server = Server::start().await;
    let user = User::nobody(&server);
    let new = json!({"username": "ALICE_1", "display_name": " Алиса 🦊 ", "password": PASSWORD});
    let response = user.post("/api/accounts", new).await;
    assert_eq!(response.status(), 201);
    let shown = json!({"username": "alice_1", "display_name": " Алиса 🦊 "});
    assert_eq!(response.json::<Value>().await.unwrap(), shown);
    let elsewhere = User::nobody(&server);
    let response = elsewhere.sign_in("Alice_1", PASSWORD).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.json::<Value>().await.unwrap(), shown);
    assert_eq!(signed_in(&elsewhere).await, ["alice_1"]);
}

#[tokio::test]
async fn the_default_display_name_is_the_username() {
    let server = Server::start().await;
    let user = User::nobody(&server);
    let new = json!({"username": "alice", "password": PASSWORD});
    let account: Value = user.post("/api/accounts", new).await.json().await.unwrap();
    assert_eq!(account["display_name"], "alice");
}

#[tokio::test]
async fn each_invalid_field_has_its_own_error() {
    let server = Server::start().await;
    let bad = json!({"username": "a b", "display_name": "", "password": "short"});
    let problem = problem(server.post("/api/accounts", bad).await, 422).await;
    for field in ["username", "display_name", "password"] {
        assert!(problem["errors"][field].is_string(), "{problem}");
    }
}

#[tokio::test]
async fn a_taken_name_is_taken_in_any_case() {
    let server = Server::start().await;
    server.user("alice").await;
    let again = json!({"username": "Alice", "password": PASSWORD});
    let problem = problem(server.post("/api/accounts", again).await, 409).await;
    assert!(problem["errors"]["username"].is_string());
}

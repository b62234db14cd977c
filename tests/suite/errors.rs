//! Invalid input gets an error and changes nothing.

use protocol::Transport;
use reqwest::{Method, header::CONTENT_TYPE};
use serde_json::{Value, json};

use harness::{End, Reader, Server, User, server::problem};

async fn post_raw(
    user: &User,
    path: &str,
    kind: &str,
    body: impl Into<reqwest::Body>,
) -> reqwest::Response {
    let request = harness::server::client()
        .post(format!("http://{}{path}", user.address))
        .header("cookie", user.cookie())
        .header(CONTENT_TYPE, kind)
        .body(body);
    request.send().await.unwrap()
}

const MESSAGES: &str = "/api/rooms/lobby/messages";
const JSON: &str = "application/json";

#[tokio::test]
async fn invalid_json_is_a_bad_request() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    for path in [MESSAGES, "/api/rooms", "/api/accounts", "/api/sessions"] {
        for body in ["", "{", "not json", "{\"body\":"] {
            problem(post_raw(&alice, path, JSON, body).await, 400).await;
        }
        problem(post_raw(&alice, path, JSON, "[1]").await, 422).await;
    }
    problem(post_raw(&alice, MESSAGES, JSON, r#"{"body":7}"#).await, 422).await;
    problem(
        post_raw(&alice, MESSAGES, "text/plain", r#"{"body":"x"}"#).await,
        415,
    )
    .await;
    let response = post_raw(
        &alice,
        MESSAGES,
        "application/json; charset=utf-8",
        r#"{"body":"x"}"#,
    )
    .await;
    assert_eq!(response.status(), 201);
}

#[tokio::test]
async fn a_body_has_at_most_64_kib() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let padded = |length: usize| {
        let body = r#"{"body":"x"}"#;
        format!("{body}{}", " ".repeat(length - body.len()))
    };
    assert_eq!(
        post_raw(&alice, MESSAGES, JSON, padded(64 * 1024))
            .await
            .status(),
        201
    );
    problem(
        post_raw(&alice, MESSAGES, JSON, padded(64 * 1024 + 1)).await,
        413,
    )
    .await;
    let chunks =
        futures_util::stream::iter([padded(64 * 1024), " ".into()].map(Ok::<_, std::io::Error>));
    let chunked = reqwest::Body::wrap_stream(chunks);
    problem(post_raw(&alice, MESSAGES, JSON, chunked).await, 413).await;
}

#[tokio::test]
async fn unknown_paths_and_rooms_are_not_found() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    for path in [
        "messages?after=0",
        "messages?after=0&wait=1",
        "events",
        "presence",
    ] {
        problem(alice.get(&format!("/api/rooms/nowhere/{path}")).await, 404).await;
    }
    for transport in Transport::ALL {
        assert_eq!(
            Reader::open(transport, &alice, "nowhere", 0).ended().await,
            End::Refused(404)
        );
    }
    let response = alice.post_message("nowhere", json!({"body": "x"})).await;
    problem(response, 404).await;
    problem(
        alice.post("/api/rooms/nowhere/typing", json!({})).await,
        404,
    )
    .await;
    problem(alice.get("/api/nothing").await, 404).await;
    problem(alice.get("/nothing").await, 404).await;
    problem(alice.get("/static/../Cargo.toml").await, 404).await;
}

#[tokio::test]
async fn a_wrong_method_gets_the_allowed_ones() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    for (method, path, allowed) in [
        (Method::DELETE, "/api/rooms", "GET, HEAD, POST"),
        (Method::PUT, MESSAGES, "GET, HEAD, POST"),
        (Method::GET, "/api/accounts", "POST"),
        (Method::GET, "/api/rooms/lobby/typing", "POST"),
        (Method::POST, "/healthz", "GET, HEAD"),
    ] {
        let response = alice.call(method, path, None).await;
        assert_eq!(response.headers()["allow"], allowed, "{path}");
        problem(response, 405).await;
    }
}

#[tokio::test]
async fn rooms_are_created_once_with_valid_names() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let room = json!({"name": "go-for-2", "title": "<Chess> & 碁"});
    let response = alice.post("/api/rooms", room.clone()).await;
    assert_eq!(response.status(), 201);
    let shown =
        json!({"name": "go-for-2", "title": "<Chess> & 碁", "head": 0, "created_by": "alice"});
    assert_eq!(response.json::<Value>().await.unwrap(), shown);
    assert!(problem(alice.post("/api/rooms", room).await, 409).await["errors"]["name"].is_string());
    problem(
        alice.post("/api/rooms", json!({"name": "lobby"})).await,
        409,
    )
    .await;
    for (room, field) in [
        (json!({}), "name"),
        (json!({"name": "-x"}), "name"),
        (json!({"name": "Upper"}), "name"),
        (json!({"name": "x".repeat(41)}), "name"),
        (json!({"name": "x", "title": ""}), "title"),
    ] {
        let problem = problem(alice.post("/api/rooms", room).await, 422).await;
        assert!(problem["errors"][field].is_string(), "{problem}");
    }
}

//! Requests that look harmless and are not what the interface says.

use reqwest::{Method, header::CONTENT_ENCODING};
use serde_json::{Value, json};

use harness::{Server, server::problem};

const MESSAGES: &str = "/api/rooms/lobby/messages";

#[tokio::test]
async fn an_array_is_no_message() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    problem(alice.post(MESSAGES, json!(["body", "key"])).await, 422).await;
    problem(
        alice.post("/api/rooms", json!(["name", "title"])).await,
        422,
    )
    .await;
}

#[tokio::test]
async fn a_body_with_a_content_coding_is_refused() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let send = async |coding: &str| {
        let request = server.http.post(server.url(MESSAGES));
        let request = request.header("cookie", alice.cookie());
        let request = request.header(CONTENT_ENCODING, coding);
        request.json(&json!({"body": "x"})).send().await.unwrap()
    };
    let refused = send("gzip").await;
    assert_eq!(refused.headers()["accept-encoding"], "identity");
    problem(refused, 415).await;
    assert_eq!(send("identity").await.status(), 201);
}

#[tokio::test]
async fn a_cursor_has_no_sign_and_no_leading_zeros() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "one").await;
    for cursor in ["01", "%2B1", "00", "-0", "1.0", "0x1"] {
        problem(alice.get(&format!("{MESSAGES}?after={cursor}")).await, 422).await;
    }
    assert_eq!(
        alice.get(&format!("{MESSAGES}?after=0")).await.status(),
        200
    );
}

#[tokio::test]
async fn head_of_messages_is_get_without_the_body() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "one").await;
    let path = format!("{MESSAGES}?after=0");
    let head = alice.call(Method::HEAD, &path, None).await;
    let get = alice.get(&path).await;
    assert_eq!(head.status(), 200);
    assert_eq!(
        head.headers()["content-length"],
        get.headers()["content-length"]
    );
    assert_eq!(head.text().await.unwrap(), "");
}

/// A page whose name was given the address of this machine is of the same origin as the server.
#[tokio::test]
async fn a_foreign_host_is_not_served() {
    let server = Server::start().await;
    for (host, status) in [
        ("evil.example", 403),
        ("localhost", 201),
        ("127.0.0.1", 201),
    ] {
        let request = server.http.post(server.url("/api/accounts"));
        let name = format!("name-{}", host.replace('.', "-"));
        let account =
            json!({"username": name, "password": "correct horse", "display_name": "Name"});
        let response = request
            .header("host", host)
            .json(&account)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), status, "{host}");
    }
    let page = server
        .http
        .get(server.url("/"))
        .header("host", "evil.example:80");
    problem(page.send().await.unwrap(), 403).await;
}

#[tokio::test]
async fn the_labels_of_tabs_are_bounded() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.get("/api/connections").await;
    for tab in 0..400 {
        let path = format!("{MESSAGES}?after=0&tab=t{tab}");
        assert_eq!(alice.get(&path).await.status(), 204);
    }
    let report: Value = alice.get("/api/connections").await.json().await.unwrap();
    let listed = report["carried"].as_array().unwrap().len();
    assert!((200..=300).contains(&listed), "{listed}");
}

#[tokio::test]
async fn names_that_look_blank_are_refused() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    for blank in ["\u{200b}", "\u{2800}", "\u{3164}"] {
        let room = json!({"name": "room", "title": blank});
        let found = problem(alice.post("/api/rooms", room).await, 422).await;
        assert!(found["errors"]["title"].is_string(), "{found}");
        let account =
            json!({"username": "bob", "password": "correct horse", "display_name": blank});
        let found = problem(server.post("/api/accounts", account).await, 422).await;
        assert!(found["errors"]["display_name"].is_string(), "{found}");
    }
}

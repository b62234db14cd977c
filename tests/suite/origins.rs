//! Requests from other origins.

use serde_json::json;

use harness::{Server, Socket, server::problem};

#[tokio::test]
async fn a_foreign_origin_cannot_change_anything() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let post = async |origin: &str| {
        let url = server.url("/api/rooms/lobby/messages");
        let request = server.http.post(url).header("cookie", alice.cookie());
        request
            .header("origin", origin)
            .json(&json!({"body": "x"}))
            .send()
            .await
            .unwrap()
    };
    assert_eq!(
        post(&format!("http://{}", server.address)).await.status(),
        201
    );
    for origin in [
        "http://evil.example",
        "null",
        "http://127.0.0.1:1",
        "garbage",
        "",
    ] {
        problem(post(origin).await, 403).await;
    }
    for path in [
        "/api/accounts",
        "/api/sessions",
        "/api/rooms",
        "/api/rooms/lobby/typing",
    ] {
        let request = server.http.post(server.url(path)).header("origin", "null");
        problem(request.json(&json!({})).send().await.unwrap(), 403).await;
    }
    let read = server
        .http
        .get(server.url("/api/rooms"))
        .header("origin", "http://evil.example");
    let read = read.header("cookie", alice.cookie()).send().await.unwrap();
    assert_eq!(
        read.status(),
        200,
        "reading is safe: the browser withholds the response from the foreign page"
    );
}

#[tokio::test]
async fn a_foreign_origin_cannot_open_a_websocket() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let url = format!("ws://{}/api/rooms/lobby/ws?after=0", server.address);
    let open = async |origin: Option<&str>| Socket::open_url(&url, &alice.cookie(), origin).await;
    assert!(open(None).await.is_ok());
    assert!(
        open(Some(&format!("http://{}", server.address)))
            .await
            .is_ok()
    );
    for origin in ["http://evil.example", "null"] {
        assert_eq!(open(Some(origin)).await.err(), Some(403));
    }
}

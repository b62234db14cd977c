//! Requests from other origins.

use serde_json::{Value, json};

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

/// The race of one network path frames `/line` of another, and nobody else frames anything.
#[tokio::test]
async fn only_the_ports_of_this_server_frame_a_line() {
    let server = Server::start().await;
    let info: Value = server.get("/server.json").await.json().await.unwrap();
    let lines = info["lines"].as_array().unwrap().iter();
    let ports: Vec<&Value> = lines.map(|line| &line["port"]).collect();
    assert!(ports.len() > 2, "{info}");
    let policy = async |path: &str, host: &str| {
        let request = server.http.get(server.url(path)).header("host", host);
        let headers = request.send().await.unwrap().headers().clone();
        let policy = headers["content-security-policy"].to_str().unwrap();
        policy.to_owned()
    };
    for name in ["127.0.0.1", "localhost"] {
        let sources: Vec<_> = ports.iter().map(|port| format!("{name}:{port}")).collect();
        let sources = sources.join(" ");
        let host = format!("{name}:{}", ports[0]);
        let line = policy("/line", &host).await;
        assert!(line.ends_with(&format!("; frame-src 'none'; frame-ancestors {sources}")));
        let race = policy("/race", &host).await;
        assert!(race.ends_with(&format!("; frame-src {sources}; frame-ancestors 'none'")));
    }
    let others = policy("/line", "[::1]:80").await;
    assert!(others.ends_with("frame-ancestors 'none'"), "{others}");
    for path in ["/", "/rooms/lobby", "/class", "/static/line/line.html"] {
        let policy = policy(path, &server.address).await;
        assert!(policy.ends_with("frame-ancestors 'none'") && !policy.contains("frame-src"));
    }
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

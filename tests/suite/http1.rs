//! HTTP/1.1 in raw bytes (RFC 9112): what a connection answers, in which order, and when it ends.

use std::time::Duration;

use harness::{Reader, Server, User, raw::UPGRADE, soon, until};
use protocol::Transport;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A connection on which a test writes bytes and reads responses.
struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

struct Response {
    header: String,
    body: String,
}

impl Response {
    fn status(&self) -> u16 {
        let status = self.header.split(' ').nth(1).unwrap();
        status.parse().unwrap()
    }

    fn has(&self, field: &str) -> bool {
        self.header.split("\r\n").any(|line| line == field)
    }

    fn problem(&self, status: u16) {
        assert_eq!(self.status(), status, "{}", self.header);
        assert!(self.has("content-type: application/problem+json"));
        let document: Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(document["status"], status);
    }
}

impl Connection {
    async fn open(server: &Server) -> Self {
        Connection {
            stream: TcpStream::connect(&server.address).await.unwrap(),
            received: Vec::new(),
        }
    }

    async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Receives more; false at the end.
    async fn receive(&mut self) -> bool {
        let mut buffer = [0; 4096];
        let read = soon("bytes of the server", self.stream.read(&mut buffer)).await;
        let bytes = read.unwrap_or(0);
        self.received.extend_from_slice(&buffer[..bytes]);
        bytes > 0
    }

    async fn until(&mut self, end: &str) -> String {
        loop {
            let text = String::from_utf8_lossy(&self.received).into_owned();
            if let Some(found) = text.find(end) {
                let rest = self.received.split_off(found + end.len());
                self.received = rest;
                return text[..found].into();
            }
            assert!(self.receive().await, "it ended before {end:?}: {text}");
        }
    }

    async fn response(&mut self) -> Response {
        let header = self.until("\r\n\r\n").await;
        let length = header.split("content-length: ").nth(1);
        let length = length.map_or(0, |rest| rest.split('\r').next().unwrap().parse().unwrap());
        while self.received.len() < length {
            assert!(self.receive().await, "the body ended early: {header}");
        }
        let rest = self.received.split_off(length);
        let body = std::mem::replace(&mut self.received, rest);
        Response {
            header,
            body: String::from_utf8(body).unwrap(),
        }
    }

    async fn ends(&mut self) {
        while self.receive().await {}
    }
}

fn request(server: &Server, user: &User, line: &str, fields: &str) -> String {
    let (host, cookie) = (&server.address, user.cookie());
    format!("{line} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\n{fields}\r\n")
}

const POST: &str = "POST /api/rooms/lobby/messages";

#[tokio::test]
async fn requests_in_one_piece_are_answered_in_their_order() {
    let server = Server::start().await;
    let user = server.user("alice").await;
    let mut all = String::new();
    for number in 1..=20 {
        let body = format!("{{\"body\":\"{number}\"}}");
        let length = format!("content-length: {}\r\n", body.len());
        all += &request(&server, &user, POST, &length);
        all += &body;
        let poll = format!("GET /api/rooms/lobby/messages?after={number}");
        all += &request(&server, &user, &poll, "");
        all += &request(&server, &user, "HEAD /healthz", "");
    }
    let mut connection = Connection::open(&server).await;
    connection.send(all).await;
    for number in 1..=20 {
        let posted = connection.response().await;
        assert_eq!(posted.status(), 201);
        assert!(posted.body.contains(&format!("\"seq\":{number},")));
        assert_eq!(connection.response().await.status(), 204);
        let header = connection.until("\r\n\r\n").await;
        assert!(header.starts_with("HTTP/1.1 200") && header.contains("content-length: 6"));
    }
}

#[tokio::test]
async fn a_request_may_come_byte_by_byte() {
    let server = Server::start().await;
    let user = server.user("alice").await;
    let mut connection = Connection::open(&server).await;
    let chunked = "transfer-encoding: chunked\r\n";
    let bytes =
        request(&server, &user, POST, chunked) + "5\r\n{\"bod\r\n8\r\ny\":\"hi\"}\r\n0\r\n\r\n";
    for byte in bytes.as_bytes() {
        connection.send([*byte]).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(connection.response().await.status(), 201);
    connection
        .send(request(&server, &user, "GET /healthz", ""))
        .await;
    assert_eq!(connection.response().await.body, "alive\n");
}

#[tokio::test]
async fn chunks_that_are_none_end_the_connection() {
    let server = Server::start().await;
    let user = server.user("alice").await;
    let mut connection = Connection::open(&server).await;
    let header = request(&server, &user, POST, "transfer-encoding: chunked\r\n");
    connection.send(header + "five\r\n").await;
    let refused = connection.response().await;
    refused.problem(400);
    assert!(refused.has("connection: close"));
    connection.ends().await;
}

#[tokio::test]
async fn what_is_no_request_is_told() {
    let server = Server::start().await;
    let long = format!(
        "GET / HTTP/1.1\r\nhost: x\r\nlong: {}\r\n",
        "x".repeat(140_000)
    );
    for (bytes, status) in [
        ("GET\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), 400),
        (long, 431),
    ] {
        let mut connection = Connection::open(&server).await;
        connection.send(bytes).await;
        let refused = connection.response().await;
        refused.problem(status);
        assert!(refused.has("connection: close"));
        connection.ends().await;
    }
}

#[tokio::test]
async fn each_header_section_has_a_deadline() {
    let server = Server::start().await;
    let begun = format!("GET /healthz HTTP/1.1\r\nhost: {}\r\n", server.address);
    let mut first = Connection::open(&server).await;
    first.send(&begun).await;
    let mut second = Connection::open(&server).await;
    second.send(format!("{begun}\r\n")).await;
    assert_eq!(second.response().await.status(), 200);
    second.send(&begun).await;
    // The refusal is not that of the request before, which had no body.
    let mut after_header = Connection::open(&server).await;
    let header = begun.replace("GET", "HEAD");
    after_header.send(format!("{header}\r\n")).await;
    after_header.until("\r\n\r\n").await;
    after_header.send(&begun).await;
    let mut silent = Connection::open(&server).await;
    for connection in [&mut first, &mut second, &mut after_header, &mut silent] {
        connection.response().await.problem(408);
        connection.ends().await;
    }
}

/// The bodies of these requests are never read to their end.
#[tokio::test]
async fn a_body_without_end_is_not_received_for_ever() {
    let server = Server::start().await;
    let user = server.user("alice").await;
    for (line, fields, status) in [
        (POST, "content-length: 1000000000\r\n", 413),
        ("POST /api/nothing", "transfer-encoding: chunked\r\n", 404),
        ("GET /healthz", "content-length: 60000\r\n", 200),
    ] {
        let mut connection = Connection::open(&server).await;
        connection.send(request(&server, &user, line, fields)).await;
        let response = connection.response().await;
        assert_eq!(response.status(), status, "{}", response.header);
        assert!(response.has("connection: close"), "{}", response.header);
        until("the server closes", async || {
            let part = b"1000\r\n".repeat(1_000);
            connection.stream.write_all(&part).await.is_err()
        })
        .await;
    }
}

#[tokio::test]
async fn continue_is_sent_to_those_who_wait_for_it() {
    let server = Server::start().await;
    let user = server.user("alice").await;
    let mut connection = Connection::open(&server).await;
    let fields = "expect: 100-continue\r\ncontent-length: 13\r\n";
    connection.send(request(&server, &user, POST, fields)).await;
    assert_eq!(connection.until("\r\n\r\n").await, "HTTP/1.1 100 Continue");
    connection.send("{\"body\":\"yes\"").await;
    connection.response().await.problem(400);
    let too_large = "expect: 100-continue\r\ncontent-length: 100000\r\n";
    connection
        .send(request(&server, &user, POST, too_large))
        .await;
    connection.response().await.problem(413);
}

/// RFC 9110, 7.8: a server may ignore the field.
#[tokio::test]
async fn an_upgrade_that_is_no_handshake_swallows_nothing() {
    let server = Server::start().await;
    let user = server.user("alice").await;
    let mut connection = Connection::open(&server).await;
    let body = "{\"body\":\"upgraded\"}";
    let fields = format!("{UPGRADE}content-length: {}\r\n", body.len());
    let post = request(&server, &user, POST, &fields) + body;
    let poll = request(
        &server,
        &user,
        "GET /api/rooms/lobby/messages?after=0",
        UPGRADE,
    );
    let health = request(&server, &user, "GET /healthz", "");
    connection.send([post, poll, health].concat()).await;
    assert_eq!(connection.response().await.status(), 201);
    assert!(connection.response().await.body.contains("upgraded"));
    assert_eq!(connection.response().await.body, "alive\n");
}

#[tokio::test]
async fn a_client_of_http_1_0_is_served() {
    let server = Server::start().await;
    let user = server.user("alice").await;
    let old = |path: &str| format!("GET {path} HTTP/1.0\r\ncookie: {}\r\n\r\n", user.cookie());
    let mut closing = Connection::open(&server).await;
    closing.send(old("/healthz")).await;
    assert_eq!(closing.response().await.body, "alive\n");
    closing.ends().await;
    // Blocks without chunks, also those that come later.
    let mut events = Connection::open(&server).await;
    events.send(old("/api/rooms/lobby/events?after=0")).await;
    let header = events.until("\r\n\r\n").await;
    assert!(!header.contains("chunked"), "{header}");
    for number in 1..=3 {
        user.say("lobby", "old").await;
        let block = events.until("\n\n").await;
        assert!(
            block.starts_with(&format!("id: {number}\ndata: ")),
            "{block}"
        );
    }
}

#[tokio::test]
async fn what_follows_a_parked_poll_is_received_only_up_to_a_limit() {
    let server = Server::start().await;
    let user = server.user("alice").await;
    let mut connection = Connection::open(&server).await;
    let poll = request(
        &server,
        &user,
        "GET /api/rooms/lobby/messages?after=0&wait=30",
        "",
    );
    connection.send(&poll).await;
    let more = poll.repeat(100);
    let mut written = 0;
    while let Ok(result) = timeout(
        Duration::from_secs(1),
        connection.stream.write(more.as_bytes()),
    )
    .await
    {
        written += result.unwrap();
        assert!(written < 100 << 20, "the server receives without a limit");
    }
    user.say("lobby", "go on").await;
    assert!(connection.response().await.body.contains("go on"));
}

/// The same bytes whether a poll found the message or waited for it.
#[tokio::test]
async fn a_poll_that_waited_gets_the_same_response() {
    let server = Server::start().await;
    let user = server.user("alice").await;
    let mut reader = Reader::open(Transport::WebSocket, &user, "lobby", 0);
    let mut parked = Connection::open(&server).await;
    for after in 0..3 {
        let poll = format!("GET /api/rooms/lobby/messages?after={after}&wait=30");
        parked.send(request(&server, &user, &poll, "")).await;
        until("it is parked", async || {
            server
                .metric("pushlab_open_feeds{transport=\"long_poll\"}")
                .await
                == 1.0
        })
        .await;
        user.say("lobby", "once").await;
        reader.next().await;
        let waited = parked.response().await;
        parked.send(request(&server, &user, &poll, "")).await;
        let found = parked.response().await;
        let without_date = |response: &Response| {
            let fields = response.header.split("\r\n");
            let mut fields: Vec<_> = fields
                .filter(|field| !field.starts_with("date: "))
                .map(str::to_owned)
                .collect();
            fields.sort();
            fields
        };
        assert_eq!(without_date(&waited), without_date(&found));
        assert_eq!(waited.body, found.body);
    }
}

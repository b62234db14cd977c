//! Slow readers.

use std::time::{Duration, Instant};

use protocol::Transport;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use harness::{
    Options, Reader, Server, Socket, User,
    raw::{self, UPGRADE},
    soon, until,
};

/// A connection that reads only when the test does.
async fn connect(server: &Server, user: &User, path: &str, extra: &str) -> TcpStream {
    raw::request(server, user, &format!("GET {path}\r\n{extra}"), "").await
}

/// The reason in the close frame.
const TOO_SLOW: &str = "too slow: reconnect with after";

/// Posts more than all buffers on the way can hold. Returns the number of messages.
async fn flood(user: &User) -> u64 {
    let body = "𝒳".repeat(4_000);
    for _ in 0..60 {
        user.say("lobby", &body).await;
    }
    60
}

fn ended_slow(transport: Transport) -> String {
    format!(
        "pushlab_ended_total{{reason=\"slow\",transport=\"{}\"}}",
        transport.slug()
    )
}

#[tokio::test]
async fn a_slow_reader_is_closed_and_does_not_slow_others() {
    let server = Server::start_with(Options::with(&["--slow-after", "1s"])).await;
    let alice = server.user("alice").await;
    let mut slow = connect(&server, &alice, "/api/rooms/lobby/ws?after=0", UPGRADE).await;
    let mut quick = Reader::open(Transport::WebSocket, &alice, "lobby", 0);
    let count = flood(&alice).await;
    quick.take(count as usize).await;
    until(
        "both are served, and neither has been dropped",
        async || {
            server.metric(&ended_slow(Transport::WebSocket)).await == 0.0
                && server
                    .metric("pushlab_open_feeds{transport=\"websocket\"}")
                    .await
                    == 2.0
        },
    )
    .await;
    // Longer than until the reader counts as slow, shorter than until its connection is dropped.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let mut rest = Vec::new();
    soon("the end of the connection", slow.read_to_end(&mut rest))
        .await
        .unwrap();
    let mut close = vec![0x88, 2 + TOO_SLOW.len() as u8];
    close.extend(1013_u16.to_be_bytes());
    close.extend(TOO_SLOW.as_bytes());
    assert!(rest.ends_with(&close), "1013 after the queued frames");
    assert_eq!(server.metric(&ended_slow(Transport::WebSocket)).await, 1.0);
    let mut back = Reader::open(Transport::WebSocket, &alice, "lobby", count - 1);
    back.next().await;
}

#[tokio::test]
async fn a_reader_that_never_reads_is_dropped() {
    let server = Server::start_with(Options::with(&["--slow-after", "500ms"])).await;
    let alice = server.user("alice").await;
    let mut slow = Vec::new();
    for (path, extra) in [("events", ""), ("ws", UPGRADE)] {
        let path = format!("/api/rooms/lobby/{path}?after=0");
        slow.push(connect(&server, &alice, &path, extra).await);
    }
    flood(&alice).await;
    for transport in [Transport::Sse, Transport::WebSocket] {
        until("the slow reader has been dropped", async || {
            server.metric(&ended_slow(transport)).await == 1.0
        })
        .await;
    }
}

/// A reader that lags but keeps reading is not closed, although it takes longer for all of it than
/// the server has patience with one that takes nothing.
#[tokio::test]
async fn a_reader_that_only_lags_is_not_closed() {
    let server = Server::start_with(Options::with(&["--slow-after", "3s"])).await;
    let alice = server.user("alice").await;
    let mut lagging = connect(&server, &alice, "/api/rooms/lobby/events?after=0", "").await;
    let count = flood(&alice).await;
    let (mut buffer, mut seen) = (vec![0; 16 * 1024], Vec::new());
    let last = format!("\"seq\":{count},");
    while !seen
        .windows(last.len())
        .any(|window| window == last.as_bytes())
    {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let read = soon("more", lagging.read(&mut buffer)).await.unwrap();
        assert!(read > 0, "dropped although it was reading");
        seen.extend_from_slice(&buffer[..read]);
    }
    assert_eq!(server.metric(&ended_slow(Transport::Sse)).await, 0.0);
}

/// A reader that accepts a few bytes at a time, fewer than the kernel needs to allow another write,
/// is not slow. It is not silent either: it answers pings, though late.
#[tokio::test]
async fn a_reader_that_accepts_few_bytes_at_a_time_is_not_closed() {
    let options = [
        "--slow-after",
        "3s",
        "--silence",
        "4s",
        "--heartbeat",
        "200ms",
    ];
    let server = Server::start_with(Options::with(&options)).await;
    let alice = server.user("alice").await;
    flood(&alice).await;
    let mut trickling = connect(&server, &alice, "/api/rooms/lobby/ws?after=0", UPGRADE).await;
    let started = Instant::now();
    let mut buffer = [0; 2 * 1024];
    while started.elapsed() < Duration::from_secs(8) {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let read = soon("more", trickling.read(&mut buffer)).await.unwrap();
        assert!(read > 0, "dropped although it was reading");
        trickling
            .write_all(&[0x8A, 0x80, 0, 0, 0, 0])
            .await
            .unwrap();
    }
    assert_eq!(
        server
            .metric("pushlab_open_feeds{transport=\"websocket\"}")
            .await,
        1.0
    );
}

/// A slow response does not affect the next request.
#[tokio::test]
async fn a_poll_after_a_slow_response_is_served() {
    let server = Server::start_with(Options::with(&["--slow-after", "300ms"])).await;
    let alice = server.user("alice").await;
    let head = flood(&alice).await;
    let path = "/api/rooms/lobby/messages?after=0&limit=500";
    let mut slow = connect(&server, &alice, path, "").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut received = vec![0; 0];
    let last = format!("\"head\":{head}}}");
    while !received.ends_with(last.as_bytes()) {
        soon("the rest", slow.read_buf(&mut received))
            .await
            .unwrap();
    }
    let next = format!("GET /api/rooms/lobby/messages?after={head}&wait=1");
    raw::send(&mut slow, &server, &alice, &next, "").await;
    received.clear();
    soon("the next response", slow.read_buf(&mut received))
        .await
        .unwrap();
    assert!(
        received.starts_with(b"HTTP/1.1 204"),
        "{}",
        String::from_utf8_lossy(&received)
    );
}

/// The server keeps no copies of messages for readers that never read.
#[tokio::test]
async fn slow_readers_cost_bounded_memory() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut slow = Vec::new();
    for _ in 0..100 {
        slow.push(connect(&server, &alice, "/api/rooms/lobby/ws?after=0", UPGRADE).await);
    }
    until("all have connected", async || {
        server
            .metric("pushlab_open_feeds{transport=\"websocket\"}")
            .await
            == 100.0
    })
    .await;
    let before = server.resident_bytes();
    flood(&alice).await;
    let mut socket = Socket::open(&alice, "lobby", "after=60").await.unwrap();
    socket
        .send(json!({"send": {"key": "k", "body": "all are served"}}))
        .await;
    socket.member("ack").await;
    // 60 messages of 16 kB for each would be 96 MB.
    let grown = server.resident_bytes() - before;
    assert!(grown < 24 << 20, "{grown} bytes for 100 slow readers");
}

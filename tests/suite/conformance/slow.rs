//! Readers that do not keep up.

use std::time::Duration;

use pushlab::wire::Transport;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use crate::support::{Options, Reader, Server, Socket, User, soon, until};

/// A connection whose kernel takes little before it is read from.
async fn connect(server: &Server, user: &User, path: &str, extra: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    let mut stream = socket
        .connect(server.address.parse().unwrap())
        .await
        .unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n{extra}\r\n",
        server.address,
        user.cookie()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

const UPGRADE: &str = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
     sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// The reason in the close frame.
const TOO_SLOW: &str = "too slow: come back with after";

/// Posts more than all the buffers in between can hold.
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
async fn a_slow_reader_is_told_so_and_dropped_and_slows_nobody() {
    let server = Server::start_with(Options::with(&["--slow-after", "1s"])).await;
    let alice = server.user("alice").await;
    let mut slow = connect(&server, &alice, "/api/rooms/lobby/ws?after=0", UPGRADE).await;
    let mut quick = Reader::open(Transport::WebSocket, &alice, "lobby", 0);
    let count = flood(&alice).await;
    quick.take(count as usize).await;
    until("it is known to be slow", async || {
        server.metric(&ended_slow(Transport::WebSocket)).await == 0.0
            && server
                .metric("pushlab_open_feeds{transport=\"websocket\"}")
                .await
                == 2.0
    })
    .await;
    // Longer than it has patience, shorter than until it drops the connection.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let mut rest = Vec::new();
    soon("the end of the connection", slow.read_to_end(&mut rest))
        .await
        .unwrap();
    let mut close = vec![0x88, 2 + TOO_SLOW.len() as u8];
    close.extend(1013_u16.to_be_bytes());
    close.extend(TOO_SLOW.as_bytes());
    assert!(rest.ends_with(&close), "1013, behind the rest");
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

/// One that lags but drains is left alone.
#[tokio::test]
async fn a_reader_that_only_lags_is_left_alone() {
    let server = Server::start_with(Options::with(&["--slow-after", "1s"])).await;
    let alice = server.user("alice").await;
    let mut lagging = connect(&server, &alice, "/api/rooms/lobby/events?after=0", "").await;
    let count = flood(&alice).await;
    let (mut buffer, mut seen) = (vec![0; 64 * 1024], Vec::new());
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

/// Many that never read cost the server no copies of what they don't read.
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

//! What only WebSockets have: frames that are refused, pings, closing.

use protocol::Transport;
use serde_json::json;
use tokio_tungstenite::tungstenite::{
    Bytes, Message,
    protocol::frame::{
        Frame as RawFrame,
        coding::{Data, OpCode},
    },
};

use harness::{Frame, Options, Server, Socket, raw, until};

#[tokio::test]
async fn an_invalid_frame_gets_an_error_and_the_socket_stays_open() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    for (frame, status, key) in [
        ("not json", 400, None),
        ("[]", 422, None),
        ("{}", 422, None),
        (r#"{"shout":{}}"#, 422, None),
        (r#"{"send":{}}"#, 422, None),
        (r#"{"send":{"body":"no key"}}"#, 422, None),
        (r#"{"send":{"key":"k1"}}"#, 422, Some("k1")),
        (r#"{"send":{"key":"k2","body":""}}"#, 422, Some("k2")),
        (r#"{"send":{"key":"","body":"x"}}"#, 422, Some("")),
        (r#"{"send":{"key":"k","body":"x"},"typing":{}}"#, 422, None),
        (r#"{"send":{"key":"k","body":"x","body":"y"}}"#, 422, None),
    ] {
        socket.send_raw(Message::text(frame)).await;
        let error = socket.member("error").await;
        assert_eq!(error["status"], status, "{frame}: {error}");
        assert_eq!(
            error.get("key").and_then(|key| key.as_str()),
            key,
            "{frame}"
        );
        assert!(error["title"].is_string() && error["detail"].is_string());
    }
    socket.send_message("k3", "and on it goes").await;
    assert_eq!(socket.member("ack").await, json!({"key": "k3", "seq": 1}));
}

#[tokio::test]
async fn without_a_cursor_it_begins_with_the_head() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "one").await;
    let mut socket = Socket::open(&alice, "lobby", "").await.unwrap();
    assert_eq!(socket.json().await, json!({"head": 1}));
}

#[tokio::test]
async fn refused_frames_close_with_their_codes() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let fits = "x".repeat(64 * 1024);
    let too_large = "x".repeat(64 * 1024 + 1);
    for (frame, code) in [
        (Message::binary(vec![1, 2, 3]), 1003),
        (Message::text(too_large), 1009),
        (
            Message::Frame(RawFrame::message(
                Bytes::from_static(b"\xff"),
                OpCode::Data(Data::Text),
                true,
            )),
            1007,
        ),
    ] {
        let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
        socket.send_raw(Message::text(fits.clone())).await;
        assert_eq!(
            socket.member("error").await["status"],
            400,
            "64 KiB are accepted"
        );
        socket.send_raw(frame).await;
        assert_eq!(socket.closed().await, Some(code));
    }
}

/// A frame larger than all buffers on the way: the client still receives the close code.
#[tokio::test]
async fn a_huge_frame_gets_its_close_code_too() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    let huge = Message::text("x".repeat(8 << 20));
    socket.send_raw(huge).await;
    assert_eq!(socket.closed().await, Some(1009));
}

#[tokio::test]
async fn a_text_may_come_in_fragments() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    let fragment = |text: &'static str, code, last| {
        Message::Frame(RawFrame::message(text, OpCode::Data(code), last))
    };
    socket
        .send_raw(fragment("{\"send\":{\"key\":\"k\",", Data::Text, false))
        .await;
    socket
        .send_raw(Message::Ping(Bytes::from_static(b"in between")))
        .await;
    socket
        .send_raw(fragment("\"body\":\"pieces\"", Data::Continue, false))
        .await;
    socket.send_raw(fragment("}}", Data::Continue, true)).await;
    assert_eq!(socket.member("ack").await["seq"], 1);
}

#[tokio::test]
async fn fragments_add_up_to_64_kib_at_most() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    let half = "x".repeat(40 * 1024);
    for (code, last) in [(Data::Text, false), (Data::Continue, true)] {
        let frame = RawFrame::message(half.clone(), OpCode::Data(code), last);
        socket.send_raw(Message::Frame(frame)).await;
    }
    assert_eq!(socket.closed().await, Some(1009));
}

#[tokio::test]
async fn the_client_may_close_first() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    socket.stream.close(None).await.unwrap();
    socket.closed().await;
    until("the closing is counted", async || {
        server
            .metric("pushlab_ended_total{reason=\"closed\",transport=\"websocket\"}")
            .await
            == 1.0
    })
    .await;
}

#[tokio::test]
async fn an_idle_socket_is_pinged_and_a_silent_one_dropped() {
    let options = Options::with(&["--heartbeat", "100ms", "--silence", "1s"]);
    let server = Server::start_with(options).await;
    let alice = server.user("alice").await;
    let mut responsive = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    // This socket is not read from, so it sends no pongs.
    let _silent = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    let silent = async || {
        server
            .metric("pushlab_ended_total{reason=\"silent\",transport=\"websocket\"}")
            .await
    };
    let mut pings = 0;
    while silent().await == 0.0 {
        // Reading sends the pongs.
        assert!(matches!(responsive.frame().await, Frame::Ping));
        pings += 1;
    }
    assert!(
        pings >= 5,
        "one every 100 ms for at least a second, with a margin: {pings}"
    );
    assert_eq!(silent().await, 1.0);
    let open = format!(
        "pushlab_open_feeds{{transport=\"{}\"}}",
        Transport::WebSocket.slug()
    );
    assert_eq!(server.metric(&open).await, 1.0);
}

#[tokio::test]
async fn an_idle_event_stream_gets_comments() {
    let server = Server::start_with(Options::with(&["--heartbeat", "50ms"])).await;
    let alice = server.user("alice").await;
    let mut response = alice.get("/api/rooms/lobby/events?after=0").await;
    for _ in 0..3 {
        assert_eq!(response.chunk().await.unwrap().unwrap(), ":\n\n");
    }
}

#[tokio::test]
async fn a_request_without_an_upgrade_gets_426() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let response = alice.get("/api/rooms/lobby/ws?after=0").await;
    assert_eq!(response.headers()["upgrade"], "websocket");
    assert_eq!(response.headers()["sec-websocket-version"], "13");
    harness::server::problem(response, 426).await;
}

/// A frame whose header declares too large a length is refused at once. Its payload is neither
/// awaited nor kept.
#[tokio::test]
async fn a_frame_that_declares_too_much_is_refused_before_its_payload() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut stream = {
        let request = format!("GET /api/rooms/lobby/ws?after=0\r\n{}", raw::UPGRADE);
        raw::request(&server, &alice, &request, "").await
    };
    let four_gib = [&[0x81, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0], &[0; 4][..]].concat();
    let (mut down, mut up) = stream.split();
    up.write_all(&four_gib).await.unwrap();
    let mut received = Vec::new();
    let chunk = vec![0; 64 * 1024];
    let reason = "a frame must be at most 64 KiB";
    let closed = [0x88, 2 + reason.len() as u8, 0x03, 0xF1];
    while !received.windows(4).any(|window| window == closed) {
        let mut buffer = [0; 1024];
        tokio::select! {
            read = down.read(&mut buffer) => received.extend_from_slice(&buffer[..read.unwrap()]),
            written = up.write(&chunk) => drop(written.unwrap()),
        }
    }
    assert!(server.resident_bytes() < 64 << 20);
}

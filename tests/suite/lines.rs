//! The ways to a server besides the straight one: each breaks what it is named after, and nothing
//! else.

use std::collections::HashMap;

use futures_util::StreamExt;
use protocol::Transport;
use serde_json::{Value, json};

use harness::{Options, Reader, Server, User, server::problem, soon, until};

/// The address of each line, by its slug.
async fn lines(server: &Server) -> HashMap<String, String> {
    let told: Value = server.get("/server.json").await.json().await.unwrap();
    let lines = told["lines"].as_array().unwrap().iter();
    lines
        .map(|line| {
            let slug = line["slug"].as_str().unwrap().to_owned();
            (slug, format!("127.0.0.1:{}", line["port"]))
        })
        .collect()
}

/// Alice, on that line.
async fn alice_on(server: &Server, line: &str) -> User {
    let lines = lines(server).await;
    let alice = User::apart(server);
    assert_eq!(alice.sign_up("alice").await.status(), 201);
    alice.by_way_of(&lines[line])
}

async fn reads_whole(user: &User, transport: Transport, seqs: std::ops::RangeInclusive<u64>) {
    let mut reader = Reader::open(transport, user, "lobby", seqs.start() - 1);
    for seq in seqs {
        let json = user.say("lobby", &format!("number {seq}")).await;
        assert_eq!(reader.next().await.json, json, "{transport:?}");
    }
}

#[tokio::test]
async fn every_line_is_told_and_leads_to_the_same_server() {
    let server = Server::start_with(Options::with(&["--link", "5ms"])).await;
    let lines = lines(&server).await;
    let expected = ["plain", "slow", "idle_cut", "buffering", "two_servers"];
    assert_eq!(lines.len(), expected.len(), "{lines:?}");
    assert_eq!(lines["plain"], server.address);
    assert_eq!(Some(&lines["slow"]), server.behind_link.as_ref());
    let alice = server.user("alice").await;
    for line in expected {
        let there = alice.by_way_of(&lines[line]);
        assert_eq!(there.get("/api/rooms").await.status(), 200, "{line}");
        assert_eq!(there.get("/rooms/lobby").await.status(), 200, "{line}");
        let origin = format!("http://{}", lines[line]);
        let post = server
            .http
            .post(format!("{origin}/api/rooms/lobby/messages"));
        let posted = post
            .header("origin", origin)
            .header("cookie", there.cookie())
            .json(&json!({ "body": "from its own origin" }));
        assert_eq!(posted.send().await.unwrap().status(), 201, "{line}");
    }
}

#[tokio::test]
async fn they_can_be_left_out() {
    let server = Server::start_with(Options::with(&["--faults", "off"])).await;
    assert_eq!(lines(&server).await.len(), 1);
}

#[tokio::test]
async fn a_heartbeat_keeps_a_line_open_that_a_parked_poll_loses() {
    let options = ["--idle-cut", "1500ms", "--heartbeat", "100ms"];
    let server = Server::start_with(Options::with(&options)).await;
    let alice = alice_on(&server, "idle_cut").await;
    // Not over a kept connection that the proxy may be about to cut.
    let straight = alice.by_way_of(&server.address);
    for (transport, seq) in [Transport::Sse, Transport::WebSocket].into_iter().zip(1..) {
        let after = seq - 1;
        let mut reader = Reader::open(transport, &alice, "lobby", after);
        // That this is cut proves that the line would have been, without a heartbeat.
        let parked = format!("/api/rooms/lobby/messages?after={after}&wait=20");
        let url = format!("http://{}{parked}", alice.address);
        let request = server.http.get(url).header("cookie", alice.cookie());
        let cut = soon("the poll to be cut", request.send()).await;
        assert!(cut.is_err(), "{cut:?}");
        let json = straight.say("lobby", "still there?").await;
        assert_eq!(reader.next().await.json, json, "{transport:?}");
    }
}

#[tokio::test]
async fn a_proxy_that_buffers_holds_a_stream_back_and_knows_no_sockets() {
    let server = Server::start_with(Options::with(&["--hold-back", "700ms"])).await;
    let alice = alice_on(&server, "buffering").await;
    reads_whole(&alice, Transport::ShortPoll, 1..=3).await;
    reads_whole(&alice, Transport::LongPoll, 4..=6).await;
    let url = |path: &str| format!("http://{}{path}", alice.address);
    let events = server.http.get(url("/api/rooms/lobby/events?after=0"));
    let response = events
        .header("cookie", alice.cookie())
        .send()
        .await
        .unwrap();
    let mut body = response.bytes_stream();
    let whole = soon("the stream to end", body.next())
        .await
        .unwrap()
        .unwrap();
    let text = String::from_utf8(whole.to_vec()).unwrap();
    assert_eq!(text.matches("id: ").count(), 6, "all of it at once: {text}");
    let handshake = server
        .http
        .get(url("/api/rooms/lobby/ws?after=0"))
        .header("cookie", alice.cookie())
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    problem(handshake.send().await.unwrap(), 426).await;
}

#[tokio::test]
async fn cursors_do_not_mind_two_servers() {
    let server = Server::start().await;
    let alice = alice_on(&server, "two_servers").await;
    for (transport, first) in Transport::ALL.into_iter().zip([1, 6, 11, 16]) {
        reads_whole(&alice, transport, first..=first + 4).await;
    }
    let mut answered = Vec::new();
    for _ in 0..4 {
        let response = alice.get("/api/rooms/lobby/messages?after=0").await;
        answered.push(
            response.headers()["x-pushlab-server"]
                .to_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(answered[..2], answered[2..]);
    assert_ne!(answered[0], answered[1]);
}

#[tokio::test]
async fn a_session_that_one_server_remembers_is_unknown_to_the_other() {
    let server = Server::start().await;
    let alice = alice_on(&server, "two_servers").await;
    let bound = alice.post("/api/bindings", json!({})).await;
    assert_eq!(bound.status(), 201);
    let bound: Value = bound.json().await.unwrap();
    let session = bound["session"].as_str().unwrap();
    let poll = format!("/api/rooms/lobby/messages?session={session}");
    let mut answers = Vec::new();
    for _ in 0..4 {
        let response = alice.get(&poll).await;
        answers.push(response.status().as_u16());
        if response.status() == 400 {
            let refused = problem(response, 400).await;
            let detail = refused["detail"].as_str().unwrap();
            assert!(detail.starts_with("Session ID unknown"), "{detail}");
        }
    }
    answers.sort();
    assert_eq!(answers, [200, 200, 400, 400], "every second one");
    let alone = alice.by_way_of(&server.address);
    let bound: Value = alone
        .post("/api/bindings", json!({}))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(bound["server"], "plain");
    let session = bound["session"].as_str().unwrap();
    let poll = format!("/api/rooms/lobby/messages?session={session}");
    for _ in 0..3 {
        assert_eq!(alone.get(&poll).await.status(), 200);
    }
}

#[tokio::test]
async fn a_reader_that_leaves_a_proxy_leaves_the_server() {
    let server = Server::start().await;
    for line in ["idle_cut", "two_servers"] {
        let alice = User::apart(&server);
        assert_eq!(alice.sign_up(&line.replace('_', "-")).await.status(), 201);
        let there = alice.by_way_of(&lines(&server).await[line]);
        for transport in [Transport::LongPoll, Transport::Sse, Transport::WebSocket] {
            let reader = Reader::open(transport, &there, "lobby", 0);
            let open = format!("pushlab_open_feeds{{transport=\"{}\"}}", transport.slug());
            until("it is served", async || server.metric(&open).await == 1.0).await;
            drop(reader);
            until("it has gone", async || server.metric(&open).await == 0.0).await;
        }
    }
}

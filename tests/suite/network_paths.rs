//! The network paths to a server: each has the fault that it is named after, and no other.

use std::collections::HashMap;

use futures_util::StreamExt;
use protocol::Transport;
use serde_json::{Value, json};

use harness::{Options, Reader, Server, User, server::problem, soon, until};

/// The address of each network path, by its slug.
async fn network_paths(server: &Server) -> HashMap<String, String> {
    let server_info: Value = server.get("/server.json").await.json().await.unwrap();
    let network_paths = server_info["lines"].as_array().unwrap().iter();
    network_paths
        .map(|path| {
            let slug = path["slug"].as_str().unwrap().to_owned();
            (slug, format!("127.0.0.1:{}", path["port"]))
        })
        .collect()
}

/// Alice, over this network path.
async fn alice_over(server: &Server, path: &str) -> User {
    let network_paths = network_paths(server).await;
    let alice = User::apart(server);
    assert_eq!(alice.sign_up("alice").await.status(), 201);
    alice.by_way_of(&network_paths[path])
}

async fn reads_all(user: &User, transport: Transport, seqs: std::ops::RangeInclusive<u64>) {
    let mut reader = Reader::open(transport, user, "lobby", seqs.start() - 1);
    for seq in seqs {
        let json = user.say("lobby", &format!("number {seq}")).await;
        assert_eq!(reader.next().await.json, json, "{transport:?}");
    }
}

#[tokio::test]
async fn every_network_path_is_listed_and_reaches_the_same_server() {
    let server = Server::start_with(Options::with(&["--link", "5ms"])).await;
    let network_paths = network_paths(&server).await;
    let expected = ["plain", "slow", "idle_cut", "buffering", "two_servers"];
    assert_eq!(network_paths.len(), expected.len(), "{network_paths:?}");
    assert_eq!(network_paths["plain"], server.address);
    assert_eq!(Some(&network_paths["slow"]), server.behind_link.as_ref());
    let alice = server.user("alice").await;
    for path in expected {
        let there = alice.by_way_of(&network_paths[path]);
        assert_eq!(there.get("/api/rooms").await.status(), 200, "{path}");
        assert_eq!(there.get("/rooms/lobby").await.status(), 200, "{path}");
        let origin = format!("http://{}", network_paths[path]);
        let post = server
            .http
            .post(format!("{origin}/api/rooms/lobby/messages"));
        let posted = post
            .header("origin", origin)
            .header("cookie", there.cookie())
            .json(&json!({ "body": "from its own origin" }));
        assert_eq!(posted.send().await.unwrap().status(), 201, "{path}");
    }
}

#[tokio::test]
async fn proxies_with_faults_can_be_switched_off() {
    let server = Server::start_with(Options::with(&["--faults", "off"])).await;
    assert_eq!(network_paths(&server).await.len(), 1);
}

#[tokio::test]
async fn a_heartbeat_keeps_streams_open_where_a_parked_poll_is_closed() {
    let options = ["--idle-cut", "1500ms", "--heartbeat", "100ms"];
    let server = Server::start_with(Options::with(&options)).await;
    let alice = alice_over(&server, "idle_cut").await;
    // Not over a kept-alive connection, which the proxy may be about to close.
    let direct = alice.by_way_of(&server.address);
    for (transport, seq) in [Transport::Sse, Transport::WebSocket].into_iter().zip(1..) {
        let after = seq - 1;
        let mut reader = Reader::open(transport, &alice, "lobby", after);
        // This is closed, so the stream would have been closed too without a heartbeat.
        let parked = format!("/api/rooms/lobby/messages?after={after}&wait=20");
        let url = format!("http://{}{parked}", alice.address);
        let request = server.http.get(url).header("cookie", alice.cookie());
        let result = soon("the poll to be closed", request.send()).await;
        assert!(result.is_err(), "{result:?}");
        let json = direct.say("lobby", "still there?").await;
        assert_eq!(reader.next().await.json, json, "{transport:?}");
    }
}

#[tokio::test]
async fn a_buffering_proxy_holds_back_streams_and_refuses_websockets() {
    let server = Server::start_with(Options::with(&["--hold-back", "700ms"])).await;
    let alice = alice_over(&server, "buffering").await;
    reads_all(&alice, Transport::ShortPoll, 1..=3).await;
    reads_all(&alice, Transport::LongPoll, 4..=6).await;
    let url = |path: &str| format!("http://{}{path}", alice.address);
    let events = server.http.get(url("/api/rooms/lobby/events?after=0"));
    let response = events
        .header("cookie", alice.cookie())
        .send()
        .await
        .unwrap();
    let mut body = response.bytes_stream();
    let body_bytes = soon("the stream to end", body.next())
        .await
        .unwrap()
        .unwrap();
    let text = String::from_utf8(body_bytes.to_vec()).unwrap();
    assert_eq!(
        text.matches("id: ").count(),
        6,
        "all blocks at once: {text}"
    );
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
async fn cursors_work_across_two_servers() {
    let server = Server::start().await;
    let alice = alice_over(&server, "two_servers").await;
    for (transport, batch) in Transport::ALL.into_iter().zip(0..) {
        let first = batch * 5 + 1;
        reads_all(&alice, transport, first..=first + 4).await;
    }
    let mut servers = Vec::new();
    for _ in 0..4 {
        let response = alice.get("/api/rooms/lobby/messages?after=0").await;
        servers.push(
            response.headers()["x-pushlab-server"]
                .to_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(servers[..2], servers[2..]);
    assert_ne!(servers[0], servers[1]);
}

#[tokio::test]
async fn a_session_of_one_server_is_unknown_to_the_other() {
    let server = Server::start().await;
    let alice = alice_over(&server, "two_servers").await;
    let bound = alice.post("/api/bindings", json!({})).await;
    assert_eq!(bound.status(), 201);
    let bound: Value = bound.json().await.unwrap();
    let session = bound["session"].as_str().unwrap();
    let poll = format!("/api/rooms/lobby/messages?session={session}");
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let response = alice.get(&poll).await;
        statuses.push(response.status().as_u16());
        if response.status() == 400 {
            let refused = problem(response, 400).await;
            let detail = refused["detail"].as_str().unwrap();
            assert!(detail.starts_with("Session ID unknown"), "{detail}");
        }
    }
    statuses.sort_unstable();
    assert_eq!(
        statuses,
        [200, 200, 400, 400],
        "every second poll is refused"
    );
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
async fn a_reader_that_closes_its_connection_to_a_proxy_ends_on_the_server() {
    let server = Server::start().await;
    for path in ["idle_cut", "two_servers"] {
        let alice = User::apart(&server);
        assert_eq!(alice.sign_up(&path.replace('_', "-")).await.status(), 201);
        let there = alice.by_way_of(&network_paths(&server).await[path]);
        for transport in [Transport::LongPoll, Transport::Sse, Transport::WebSocket] {
            let reader = Reader::open(transport, &there, "lobby", 0);
            let open = format!("pushlab_open_feeds{{transport=\"{}\"}}", transport.slug());
            until("it is served", async || server.metric(&open).await == 1.0).await;
            drop(reader);
            until("it has gone", async || server.metric(&open).await == 0.0).await;
        }
    }
}

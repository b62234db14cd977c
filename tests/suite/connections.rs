//! What a session is told of its own connections: what they cost, what crossed them; cutting them.

use protocol::Transport;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use harness::{Reader, Server, Socket, User, server::problem, soon, until};

/// Somebody whose connections nobody shares, and who looks.
async fn looking(server: &Server, name: &str) -> User {
    let user = User::apart(server);
    assert_eq!(user.sign_up(name).await.status(), 201);
    connections(&user).await;
    user
}

async fn connections(user: &User) -> Value {
    let response = user.get("/api/connections").await;
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

/// What reading the lobby over `transport` has cost.
async fn carried(user: &User, transport: Transport) -> Option<Value> {
    let all = connections(user).await;
    let mut carried = all["carried"].as_array().unwrap().iter();
    carried
        .find(|each| each["transport"] == transport.slug() && each["room"] == "lobby")
        .cloned()
}

/// The exchange that carried a message. It is recorded when the kernel has taken the bytes, which is
/// a moment before or after their reader has them.
async fn exchange(user: &User, transport: Transport, seq: u64) -> Value {
    let slug = transport.slug();
    let path = format!("/api/exchanges?room=lobby&seq={seq}&transport={slug}");
    let mut shown = Value::Null;
    until("the exchange is recorded", async || {
        let response = user.get(&path).await;
        let is_recorded = response.status() == 200;
        shown = response.json().await.unwrap();
        is_recorded
    })
    .await;
    shown
}

fn sum(exchange: &Value, way: &str) -> u64 {
    let steps = exchange["steps"].as_array().unwrap().iter();
    let there = steps.filter(|step| step["way"] == way);
    there.map(|step| step["bytes"].as_u64().unwrap()).sum()
}

#[tokio::test]
async fn the_exchange_that_carried_a_message_is_shown_byte_for_byte() {
    let server = Server::start().await;
    let user = looking(&server, "alice").await;
    for (transport, seq) in Transport::ALL.into_iter().zip(1..) {
        let mut reader = Reader::open(transport, &user, "lobby", seq - 1);
        let json = user.say("lobby", "how do I get there?").await;
        assert_eq!(reader.next().await.json, json);
        let shown = exchange(&user, transport, seq).await;
        let steps = shown["steps"].as_array().unwrap();
        assert_eq!(steps[0]["kind"], "request");
        assert!(
            steps[0]["head"]
                .as_str()
                .unwrap()
                .starts_with("GET /api/rooms/lobby/")
        );
        assert_eq!(steps[1]["kind"], "answer");
        let carriers: Vec<_> = steps
            .iter()
            .filter(|step| step["message_bytes"] == json.len())
            .collect();
        let [carrier] = carriers[..] else {
            panic!("{transport:?}: one step carries it: {shown:#}");
        };
        assert_eq!(carrier["messages"], serde_json::json!([seq]));
        assert!(carrier["text"].as_str().unwrap().contains(&json));
        check_framing(transport, carrier, json.len());
    }
}

fn check_framing(transport: Transport, carrier: &Value, message: usize) {
    let bytes = carrier["bytes"].as_u64().unwrap() as usize;
    match transport {
        Transport::ShortPoll | Transport::LongPoll => {
            let head = carrier["head"].as_str().unwrap().len();
            assert_eq!(
                bytes,
                head + carrier["body_bytes"].as_u64().unwrap() as usize
            );
        }
        Transport::Sse => {
            let text = carrier["text"].as_str().unwrap().len();
            assert_eq!(carrier["event"], "message");
            assert_eq!(
                bytes,
                text + carrier["framing_bytes"].as_u64().unwrap() as usize
            );
        }
        Transport::WebSocket => {
            let frame = &carrier["frame"];
            assert_eq!((&frame["fin"], &frame["opcode"]), (&true.into(), &1.into()));
            assert_eq!(
                (&frame["name"], &frame["masked"]),
                (&"text".into(), &false.into())
            );
            assert_eq!(frame["length"], message + r#"{"message":}"#.len());
            assert_eq!(bytes as u64, frame["length"].as_u64().unwrap() + 4);
            assert!(frame["first_bytes"].as_str().unwrap().starts_with("81 7e "));
        }
    }
}

#[tokio::test]
async fn the_kernel_counts_what_crossed_and_each_reader_is_told_its_share() {
    let server = Server::start().await;
    let user = looking(&server, "alice").await;
    for (transport, seq) in [Transport::Sse, Transport::WebSocket].into_iter().zip(1..) {
        let mut reader = Reader::open(transport, &user, "lobby", seq - 1);
        user.say("lobby", "count me").await;
        reader.next().await;
        let shown = exchange(&user, transport, seq).await;
        assert_eq!(shown["omitted"], 0);
        until("the kernel counts the same", async || {
            let cost = carried(&user, transport).await.unwrap();
            assert_eq!(cost["requests"], 1);
            cost["bytes_up"] == sum(&shown, "up") && cost["bytes_down"] == sum(&shown, "down")
        })
        .await;
    }
    // A short poll takes turns on the connections of everything else that this client asks.
    let mut reader = Reader::open(Transport::ShortPoll, &user, "lobby", 2);
    user.say("lobby", "me too").await;
    reader.next().await;
    until("three polls were answered", async || {
        let cost = carried(&user, Transport::ShortPoll).await;
        cost.is_some_and(|cost| cost["requests"].as_u64() >= Some(3))
    })
    .await;
    drop(reader);
    let cost = carried(&user, Transport::ShortPoll).await.unwrap();
    let shown = exchange(&user, Transport::ShortPoll, 3).await;
    let each = sum(&shown, "up");
    assert_eq!(
        cost["bytes_up"].as_u64().unwrap() / each,
        cost["requests"].as_u64().unwrap(),
        "{cost} with {each} bytes a request"
    );
}

#[tokio::test]
async fn what_closed_connections_cost_is_not_forgotten() {
    let server = Server::start().await;
    let user = looking(&server, "alice").await;
    let mut cost = 0;
    for turn in 1..=3 {
        let mut reader = Reader::open(Transport::WebSocket, &user, "lobby", turn - 1);
        user.say("lobby", "again").await;
        reader.next().await;
        drop(reader);
        until("it has gone, and is counted", async || {
            let all = connections(&user).await;
            let is_open = |each: &Value| each["transport"] == "websocket";
            let none = !all["connections"].as_array().unwrap().iter().any(is_open);
            let now = carried(&user, Transport::WebSocket).await.unwrap();
            none && now["requests"] == turn && now["bytes_down"].as_u64().unwrap() > cost
        })
        .await;
        let now = carried(&user, Transport::WebSocket).await.unwrap();
        cost = now["bytes_down"].as_u64().unwrap();
        assert_eq!(
            exchange(&user, Transport::WebSocket, turn).await["room"],
            "lobby"
        );
    }
}

#[tokio::test]
async fn nobody_is_told_of_the_connections_of_others() {
    let server = Server::start().await;
    let alice = looking(&server, "alice").await;
    let mallory = looking(&server, "mallory").await;
    let mut reader = Reader::open(Transport::WebSocket, &alice, "lobby", 0);
    alice.say("lobby", "between us").await;
    reader.next().await;
    exchange(&alice, Transport::WebSocket, 1).await;
    let told = connections(&mallory).await;
    assert_eq!(told["carried"], serde_json::json!([]));
    for connection in told["connections"].as_array().unwrap() {
        assert_eq!(connection["room"], Value::Null);
    }
    let path = "/api/exchanges?room=lobby&seq=1&transport=websocket";
    problem(mallory.get(path).await, 404).await;
    let cut: Value = mallory
        .delete("/api/connections?room=lobby")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(cut["cut"], 0);
    let nobody = User::apart(&server);
    problem(nobody.get("/api/connections").await, 401).await;
    problem(nobody.get(path).await, 401).await;
}

#[tokio::test]
async fn a_connection_that_two_sessions_have_used_is_told_to_neither() {
    let server = Server::start().await;
    let alice = looking(&server, "alice").await;
    let other = alice.other_browser();
    assert_eq!(other.sign_up("bob").await.status(), 201);
    assert_eq!(other.get("/api/rooms").await.status(), 200);
    // One pool of connections, as behind a proxy: what alice had, bob has used.
    let told = connections(&alice).await;
    assert_eq!(told["connections"], serde_json::json!([]));
}

#[tokio::test]
async fn no_secret_is_shown() {
    let server = Server::start().await;
    let user = looking(&server, "alice").await;
    let mut reader = Reader::open(Transport::LongPoll, &user, "lobby", 0);
    user.say("lobby", "hi").await;
    reader.next().await;
    let shown = exchange(&user, Transport::LongPoll, 1).await.to_string();
    let cookie = user.cookie();
    let (_, secret) = cookie.split_once('=').unwrap();
    assert!(!shown.contains(secret), "{shown}");
    assert!(shown.contains(&format!("({} bytes, hidden)", cookie.len())));
}

#[tokio::test]
async fn a_connection_is_cut_and_its_reader_goes_on_from_its_cursor() {
    let server = Server::start().await;
    let user = looking(&server, "alice").await;
    for (transport, seq) in [Transport::LongPoll, Transport::Sse, Transport::WebSocket]
        .into_iter()
        .zip(1..)
    {
        let mut reader = Reader::open(transport, &user, "lobby", seq - 1);
        until("it is open", async || {
            let all = connections(&user).await;
            let open = all["connections"].as_array().unwrap();
            open.iter()
                .any(|each| each["transport"] == transport.slug())
        })
        .await;
        let slug = transport.slug();
        let path = format!("/api/connections?room=lobby&transport={slug}");
        let cut: Value = user.delete(&path).await.json().await.unwrap();
        assert!(cut["cut"].as_u64() >= Some(1), "{transport:?}");
        assert!(reader.try_next().await.is_err(), "{transport:?} has ended");
        user.say("lobby", "said meanwhile").await;
        let mut again = Reader::open(transport, &user, "lobby", reader.cursor);
        assert_eq!(again.next().await.message.seq, seq);
    }
}

#[tokio::test]
async fn bad_questions_are_told_what_is_wrong() {
    let server = Server::start().await;
    let user = looking(&server, "alice").await;
    for (path, field) in [
        ("/api/exchanges?seq=1", "room"),
        ("/api/exchanges?room=lobby", "seq"),
        ("/api/exchanges?room=lobby&seq=x", "seq"),
        (
            "/api/exchanges?room=lobby&seq=1&transport=pigeon",
            "transport",
        ),
        ("/api/exchanges?room=lobby&seq=1&tab=No!", "tab"),
        ("/api/rooms/lobby/messages?tab=", "tab"),
    ] {
        let problem = problem(user.get(path).await, 422).await;
        assert!(problem["errors"][field].is_string(), "{path}: {problem}");
    }
    problem(user.delete("/api/connections").await, 422).await;
}

#[tokio::test]
async fn what_a_connection_did_before_is_not_charged_to_its_next_reader() {
    let server = Server::start().await;
    let user = looking(&server, "alice").await;
    let mut line = BufReader::new(TcpStream::connect(&server.address).await.unwrap());
    for _ in 0..30 {
        ask(
            &mut line,
            &format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", server.address),
        )
        .await;
    }
    let poll = format!(
        "GET /api/rooms/lobby/messages?after=0 HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\r\n",
        server.address,
        user.cookie()
    );
    ask(&mut line, &poll).await;
    let cost = carried(&user, Transport::ShortPoll).await.unwrap();
    assert_eq!(
        (&cost["requests"], &cost["bytes_up"]),
        (&1.into(), &poll.len().into())
    );
    assert!(cost["segments_up"].as_u64().unwrap() <= 3, "{cost}");
    // What asks for these figures is no reader, although it may come over the same connection.
    assert_eq!(
        carried(&user, Transport::ShortPoll).await.unwrap()["requests"],
        1
    );
}

/// Sends a request, and reads its answer to the end.
async fn ask(line: &mut BufReader<TcpStream>, request: &str) {
    line.write_all(request.as_bytes()).await.unwrap();
    let mut length = 0;
    loop {
        let mut header = String::new();
        soon("an answer", line.read_line(&mut header))
            .await
            .unwrap();
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        if header == "\r\n" {
            break;
        }
    }
    line.read_exact(&mut vec![0; length]).await.unwrap();
}

#[tokio::test]
async fn who_shares_a_browser_keeps_the_figures_when_another_signs_out() {
    let server = Server::start().await;
    let user = looking(&server, "alice").await;
    assert_eq!(user.sign_up("bob").await.status(), 201);
    let mut reader = Reader::open(Transport::WebSocket, &user, "lobby", 0);
    user.say("lobby", "while both are here").await;
    reader.next().await;
    assert_eq!(user.delete("/api/sessions?as=alice").await.status(), 204);
    let told = connections(&user).await;
    let mut open = told["connections"].as_array().unwrap().iter();
    assert!(open.any(|each| each["transport"] == "websocket"), "{told}");
    let gone = "/api/exchanges?room=lobby&seq=1&transport=websocket";
    problem(user.get(gone).await, 404).await;
    user.say("lobby", "bob alone").await;
    reader.next().await;
    exchange(&user, Transport::WebSocket, 2).await;
}

#[tokio::test]
async fn a_drop_does_not_cut_the_connection_that_asks_for_it() {
    let server = Server::start().await;
    let user = looking(&server, "alice").await;
    assert_eq!(
        user.get("/api/rooms/lobby/messages?after=0").await.status(),
        204
    );
    let path = "/api/connections?room=lobby&transport=short_poll";
    let cut: Value = user.delete(path).await.json().await.unwrap();
    assert_eq!(cut["cut"], 0);
}

#[tokio::test]
async fn who_looks_later_is_told_of_a_socket_from_then_on() {
    let server = Server::start().await;
    let alice = User::apart(&server);
    assert_eq!(alice.sign_up("alice").await.status(), 201);
    let mallory = looking(&server, "mallory").await;
    let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    // Frames of a socket are no requests, whoever else looks.
    for body in ["before", "before too"] {
        socket.send_message(body, body).await;
        socket.member("ack").await;
    }
    connections(&alice).await;
    let json = mallory.say("lobby", "looked at").await;
    until("it is recorded", async || {
        let path = "/api/exchanges?room=lobby&seq=3&transport=websocket";
        let response = alice.get(path).await;
        response.status() == 200 && {
            let shown: Value = response.json().await.unwrap();
            let steps = shown["steps"].as_array().unwrap();
            steps.iter().any(|step| step["message_bytes"] == json.len())
        }
    })
    .await;
    drop(socket);
}

//! Recorded exchanges, byte for byte.

use harness::{Reader, Server, Socket, User, server::problem, until};
use protocol::Transport;
use serde_json::Value;

use super::viewing::{connections, exchange, viewing_user};

#[tokio::test]
async fn the_exchange_that_delivered_a_message_is_shown_byte_for_byte() {
    let server = Server::start().await;
    let user = viewing_user(&server, "alice").await;
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
        let delivering_steps: Vec<_> = steps
            .iter()
            .filter(|step| step["message_bytes"] == json.len())
            .collect();
        let [delivering] = delivering_steps[..] else {
            panic!("{transport:?}: one step delivers it: {shown:#}");
        };
        assert_eq!(delivering["messages"], serde_json::json!([seq]));
        assert!(delivering["text"].as_str().unwrap().contains(&json));
        check_framing(transport, delivering, json.len());
    }
}

fn check_framing(transport: Transport, delivering: &Value, message: usize) {
    let bytes = delivering["bytes"].as_u64().unwrap() as usize;
    match transport {
        Transport::ShortPoll | Transport::LongPoll => {
            let header_section = delivering["head"].as_str().unwrap().len();
            assert_eq!(
                bytes,
                header_section + delivering["body_bytes"].as_u64().unwrap() as usize
            );
        }
        Transport::Sse => {
            let text = delivering["text"].as_str().unwrap().len();
            assert_eq!(delivering["event"], "message");
            assert_eq!(
                bytes,
                text + delivering["framing_bytes"].as_u64().unwrap() as usize
            );
        }
        Transport::WebSocket => {
            let frame = &delivering["frame"];
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
async fn cookies_are_hidden() {
    let server = Server::start().await;
    let user = viewing_user(&server, "alice").await;
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
async fn invalid_parameters_are_named_in_the_error() {
    let server = Server::start().await;
    let user = viewing_user(&server, "alice").await;
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
async fn a_socket_opened_before_viewing_is_recorded_from_then_on() {
    let server = Server::start().await;
    let alice = User::apart(&server);
    assert_eq!(alice.sign_up("alice").await.status(), 201);
    let mallory = viewing_user(&server, "mallory").await;
    let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    // Frames are not requests, and are not recorded although another session is viewing.
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

//! The history of a database, to which cursors belong: after a restore, numbers are given again.

use std::process::Command;

use harness::{End, Reader, Server, Socket, User, raw, server::problem, soon};
use protocol::Transport;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;

fn path(transport: Transport, query: &str) -> String {
    let (resource, more) = match transport {
        Transport::ShortPoll => ("messages", ""),
        Transport::LongPoll => ("messages", "&wait=1"),
        Transport::Sse => ("events", ""),
        Transport::WebSocket => ("ws", ""),
    };
    format!("/api/rooms/lobby/{resource}?{query}{more}")
}

async fn epoch(user: &User) -> String {
    let rooms: Value = user.get("/api/rooms").await.json().await.unwrap();
    rooms["epoch"].as_str().unwrap().to_owned()
}

async fn refuses(user: &User, epoch: &str) {
    let path = path(Transport::ShortPoll, &format!("after=1&epoch={epoch}"));
    problem(user.get(&path).await, 422).await;
}

#[tokio::test]
async fn the_epoch_is_told_to_those_who_ask_and_to_nobody_else() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "one").await;
    let epoch = epoch(&alice).await;
    for given in ["", &epoch] {
        for what in ["after=0", "after=0&wait=1", "before=9"] {
            let path = format!("/api/rooms/lobby/messages?{what}&epoch={given}");
            let told: Value = alice.get(&path).await.json().await.unwrap();
            assert_eq!(told["epoch"], epoch, "{path}");
            assert_eq!(told["messages"][0]["body"], "one");
        }
        let mut stream = alice
            .get(&path(Transport::Sse, &format!("after=0&epoch={given}")))
            .await;
        let first = stream.chunk().await.unwrap().unwrap();
        assert!(first.starts_with(format!("event: epoch\ndata: {epoch}\n\n").as_bytes()));
        let query = format!("after=0&epoch={given}");
        let mut socket = Socket::open(&alice, "lobby", &query).await.unwrap();
        assert_eq!(socket.json().await, json!({"epoch": epoch}));
    }
    for what in ["after=0", "after=0&wait=1", "before=9"] {
        let path = format!("/api/rooms/lobby/messages?{what}");
        let told: Value = alice.get(&path).await.json().await.unwrap();
        assert!(told.get("epoch").is_none(), "{path}");
    }
    let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    assert!(socket.json().await.get("message").is_some());
}

#[tokio::test]
async fn a_cursor_of_another_history_is_refused() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "one").await;
    for transport in [Transport::ShortPoll, Transport::LongPoll, Transport::Sse] {
        let answer = alice.get(&path(transport, "after=1&epoch=0123")).await;
        let refused = problem(answer, 422).await;
        let why = refused["errors"]["epoch"].as_str().unwrap();
        assert!(why.contains(&epoch(&alice).await), "{why}");
    }
    let refused = Socket::open(&alice, "lobby", "after=1&epoch=0123").await;
    assert_eq!(refused.err(), Some(422));
    let history = alice.get("/api/rooms/lobby/messages?before=9&epoch=0123");
    problem(history.await, 422).await;
}

/// An older state comes back while the server runs, and numbers are given again.
#[tokio::test]
async fn readers_of_a_history_that_has_ended_end() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let before = epoch(&alice).await;
    alice.say_many("lobby", 3).await;
    let mut readers: Vec<_> = Transport::ALL
        .into_iter()
        .map(|transport| Reader::open(transport, &alice, "lobby", 0))
        .collect();
    for reader in &mut readers {
        reader.take(3).await;
    }
    let mut socket = Socket::open(&alice, "lobby", "after=3").await.unwrap();
    let get = "GET /api/rooms/lobby/events?after=3";
    let mut stream = raw::request(&server, &alice, get, "").await;
    server.change_by_hand(
        "DELETE FROM messages WHERE seq > 1; UPDATE rooms SET head = 1 WHERE name = 'lobby'",
    );
    // One of them would take this for the message that it has.
    let again: Value = serde_json::from_str(&alice.say("lobby", "again").await).unwrap();
    assert_eq!(again["seq"], 2);
    for reader in &mut readers {
        let ended = match reader.transport.is_poll() {
            true => End::Refused(422),
            false => End::Closed,
        };
        let transport = reader.transport;
        assert_eq!(reader.ended().await, ended, "{transport:?}");
    }
    assert_eq!(socket.closed().await, Some(4422));
    let now = epoch(&alice).await;
    assert_ne!(now, before);
    let why = format!("event: epoch\ndata: {now}\n\n");
    let mut told = Vec::new();
    soon("the stream to say why it ends", async {
        while !String::from_utf8_lossy(&told).contains(&why) {
            assert!(stream.read_buf(&mut told).await.unwrap() > 0);
        }
    })
    .await;
    for transport in Transport::ALL {
        let mut reader = Reader::open(transport, &alice, "lobby", 0);
        assert!(reader.take(2).await[1].contains("again"));
    }
    refuses(&alice, &before).await;
}

/// Files were put back, of which nothing tells that they are older.
#[tokio::test]
async fn the_operator_begins_another_history() {
    let mut server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "one").await;
    let before = epoch(&alice).await;
    let location = server.location();
    let command = |arguments: &[&str]| {
        let output = Command::new(harness::binary())
            .args(["epoch", "--database", &location])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    server.kill();
    assert_eq!(command(&[]), before);
    let told = command(&["--new"]);
    server.restart().await;
    assert_eq!(epoch(&alice).await, told);
    assert_ne!(told, before);
    refuses(&alice, &before).await;
}

/// Another server of the same database has stored what this one has not seen.
#[tokio::test]
async fn a_cursor_beyond_what_is_known_is_looked_up() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let one = alice.say("lobby", "one").await;
    for transport in Transport::ALL {
        let mut reader = Reader::open(transport, &alice, "lobby", 0);
        assert_eq!(reader.next().await.json, one);
        let head: Value = alice.get("/api/rooms").await.json().await.unwrap();
        let next = head["rooms"][0]["head"].as_u64().unwrap() + 1;
        server.change_by_hand(&format!(
                "INSERT INTO messages (room_id, seq, author, display_name, body, sent_at)
                 SELECT id, {next}, 'hand', 'Hand', 'by hand', 1000000 FROM rooms WHERE name = 'lobby';
                 UPDATE rooms SET head = {next} WHERE name = 'lobby'"
            ),
        );
        let beyond = path(transport, &format!("after={}", next + 1));
        match transport {
            Transport::WebSocket => {
                let query = format!("after={}", next + 1);
                assert_eq!(Socket::open(&alice, "lobby", &query).await.err(), Some(422));
            }
            _ => drop(problem(alice.get(&beyond).await, 422).await),
        }
        // The others have it now, too.
        while reader.next().await.message.seq < next {}
        let mut resumed = Reader::open(transport, &alice, "lobby", next);
        let live = alice.say("lobby", "live").await;
        assert_eq!(resumed.next().await.json, live);
    }
}

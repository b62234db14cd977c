//! A restart in mid-conversation: nothing is forgotten, nobody is signed out.

use protocol::Transport;
use serde_json::{Value, json};

use harness::{Reader, Server};

/// Readers that come back with their cursors after the server was killed get the rest.
#[tokio::test]
async fn nothing_is_forgotten() {
    let mut server = Server::start().await;
    let alice = server.user("alice").await;
    alice
        .post("/api/rooms", json!({"name": "kept", "title": "Kept ✓"}))
        .await;
    let said = alice.say_many("kept", 6).await;
    let mut cursors = Vec::new();
    for transport in Transport::ALL {
        let mut reader = Reader::open(transport, &alice, "kept", 0);
        reader.take(3).await;
        cursors.push((transport, reader.cursor));
    }
    server.kill();
    server.restart().await;
    let live = alice.say("kept", "after the restart").await;
    for (transport, cursor) in cursors {
        let mut reader = Reader::open(transport, &alice, "kept", cursor);
        assert_eq!(
            reader.take(3).await,
            said[3..],
            "{transport:?}: the same bytes"
        );
        assert_eq!(reader.next().await.json, live);
    }
    let rooms: Value = alice.get("/api/rooms").await.json().await.unwrap();
    let kept = json!({"name": "kept", "title": "Kept ✓", "head": 7, "created_by": "alice"});
    assert_eq!(rooms["rooms"][0], kept);
}

#[tokio::test]
async fn a_key_is_remembered() {
    let mut server = Server::start().await;
    let alice = server.user("alice").await;
    let message = json!({"body": "once", "key": "k"});
    let first = alice
        .post_message("lobby", message.clone())
        .await
        .text()
        .await
        .unwrap();
    server.kill();
    server.restart().await;
    let again = alice.post_message("lobby", message).await;
    assert_eq!(again.status(), 200);
    assert_eq!(again.text().await.unwrap(), first);
}

/// Whatever the sender or any reader was told is there after the process was killed.
#[tokio::test]
async fn what_was_told_is_committed() {
    let mut server = Server::start().await;
    let alice = server.user("alice").await;
    let talking = tokio::spawn({
        let alice = alice.clone();
        async move {
            let mut said = Vec::new();
            loop {
                let message = json!({"body": "x"});
                let url = format!("http://{}/api/rooms/lobby/messages", alice.address);
                let request = reqwest::Client::new()
                    .post(url)
                    .header("cookie", alice.cookie());
                match request.json(&message).send().await {
                    Ok(response) => said.push(response.text().await.unwrap_or_default()),
                    Err(_) => return said,
                }
            }
        }
    });
    let mut reader = Reader::open(Transport::WebSocket, &alice, "lobby", 0);
    let mut seen = reader.take(30).await;
    server.kill();
    while let Ok(raw) = reader.try_next().await {
        seen.push(raw.json);
    }
    let said = talking.await.unwrap();
    server.restart().await;
    let mut again = Reader::open(Transport::ShortPoll, &alice, "lobby", 0);
    let stored = again.take(seen.len().max(said.len())).await;
    assert_eq!(seen, stored[..seen.len()]);
    assert_eq!(said, stored[..said.len()]);
}

//! A restart in mid-conversation: nothing is lost, and sessions stay valid.

use protocol::Transport;
use serde_json::{Value, json};

use harness::{Reader, Server};

/// Readers that reconnect with their cursors after the server was killed get the remaining
/// messages.
#[tokio::test]
async fn messages_and_rooms_survive() {
    let mut server = Server::start().await;
    let alice = server.user("alice").await;
    alice
        .post("/api/rooms", json!({"name": "kept", "title": "Kept ✓"}))
        .await;
    let sent = alice.say_many("kept", 6).await;
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
            sent[3..],
            "{transport:?}: the same bytes"
        );
        assert_eq!(reader.next().await.json, live);
    }
    let rooms: Value = alice.get("/api/rooms").await.json().await.unwrap();
    let kept = json!({"name": "kept", "title": "Kept ✓", "head": 7, "created_by": "alice"});
    assert_eq!(rooms["rooms"][0], kept);
}

#[tokio::test]
async fn keys_survive() {
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

/// Every message that the sender or a reader received is stored after the process was killed.
#[tokio::test]
async fn every_acknowledged_or_delivered_message_is_stored() {
    let mut server = Server::start().await;
    let alice = server.user("alice").await;
    let posting = tokio::spawn({
        let alice = alice.clone();
        async move {
            let mut sent = Vec::new();
            loop {
                let message = json!({"body": "x"});
                let url = format!("http://{}/api/rooms/lobby/messages", alice.address);
                let request = reqwest::Client::new()
                    .post(url)
                    .header("cookie", alice.cookie());
                match request.json(&message).send().await {
                    Ok(response) => sent.push(response.text().await.unwrap_or_default()),
                    Err(_) => return sent,
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
    let sent = posting.await.unwrap();
    server.restart().await;
    let mut again = Reader::open(Transport::ShortPoll, &alice, "lobby", 0);
    let stored = again.take(seen.len().max(sent.len())).await;
    assert_eq!(seen, stored[..seen.len()]);
    assert_eq!(sent, stored[..sent.len()]);
}

//! A session shuts down its own connections.

use harness::{Reader, Server, until};
use protocol::Transport;
use serde_json::Value;

use super::viewing::{connections, viewing_user};

#[tokio::test]
async fn after_a_shut_down_a_reader_resumes_from_its_cursor() {
    let server = Server::start().await;
    let user = viewing_user(&server, "alice").await;
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
        user.say("lobby", "sent meanwhile").await;
        let mut again = Reader::open(transport, &user, "lobby", reader.cursor);
        assert_eq!(again.next().await.message.seq, seq);
    }
}

#[tokio::test]
async fn the_connection_of_the_request_itself_is_not_shut_down() {
    let server = Server::start().await;
    let user = viewing_user(&server, "alice").await;
    assert_eq!(
        user.get("/api/rooms/lobby/messages?after=0").await.status(),
        204
    );
    let path = "/api/connections?room=lobby&transport=short_poll";
    let cut: Value = user.delete(path).await.json().await.unwrap();
    assert_eq!(cut["cut"], 0);
}

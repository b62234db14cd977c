//! Sessions that expire while they are used, and a flood of registrations.

use harness::{End, Options, Reader, Server};
use protocol::Transport;
use serde_json::json;

#[tokio::test]
async fn streams_and_parked_polls_end_when_their_session_expires() {
    let server = Server::start_with(Options::with(&["--session-ttl", "3s"])).await;
    let alice = server.user("alice").await;
    let mut readers: Vec<_> = Transport::ALL
        .into_iter()
        .map(|transport| Reader::open(transport, &alice, "lobby", 0))
        .collect();
    for reader in &mut readers {
        let expected = match reader.transport.is_poll() {
            true => End::Refused(401),
            false => End::Closed,
        };
        assert_eq!(reader.ended().await, expected, "{:?}", reader.transport);
    }
    let late = alice
        .post_message("lobby", json!({"body": "too late"}))
        .await;
    assert_eq!(late.status(), 401);
}

//! Pauses of the whole process, as when a laptop sleeps or a container is frozen.

use std::time::Duration;

use harness::{Options, Server, Socket};

#[tokio::test]
async fn healthy_sockets_survive_a_pause() {
    let settings = ["--heartbeat", "200ms", "--silence", "600ms"];
    let server = Server::start_with(Options::with(&settings)).await;
    let alice = server.user("alice").await;
    let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    server.freeze();
    // The pause itself: longer than a peer may be silent.
    tokio::time::sleep(Duration::from_secs(2)).await;
    server.thaw();
    for body in ["after the pause", "and later"] {
        alice.say("lobby", body).await;
        assert_eq!(socket.member("message").await["body"], body);
    }
    let silent = "pushlab_ended_total{reason=\"silent\",transport=\"websocket\"}";
    assert_eq!(server.metric(silent).await, 0.0);
}

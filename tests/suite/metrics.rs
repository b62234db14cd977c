//! Health checks, metrics, and the server's emulated link.

use std::time::{Duration, Instant};

use protocol::Transport;

use harness::{Options, Reader, Server, until};

#[tokio::test]
async fn a_running_server_is_alive_and_ready() {
    let server = Server::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(server.get(path).await.status(), 200);
    }
}

#[tokio::test]
async fn deliveries_bytes_and_posts_are_counted_by_transport() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say_many("lobby", 3).await;
    for transport in Transport::ALL {
        let mut reader = Reader::open(transport, &alice, "lobby", 0);
        reader.take(3).await;
        let named = |name: &str| format!("{name}{{transport=\"{}\"}}", transport.slug());
        let deliveries = server.metric(&named("pushlab_deliveries_total")).await;
        assert_eq!(deliveries, 3.0, "{transport:?}");
        let received = server.metric(&named("pushlab_received_bytes_total")).await;
        assert!(received > 100.0, "{transport:?}: {received}");
        // They are counted once the kernel has accepted them, just before or after they are
        // received.
        until("what was sent is counted", async || {
            server.metric(&named("pushlab_sent_bytes_total")).await > 3.0 * 100.0
        })
        .await;
    }
    assert_eq!(server.metric("pushlab_posts_total").await, 3.0);
    assert_eq!(server.metric("pushlab_commit_messages_sum").await, 3.0);
}

/// Bytes are counted at the socket, so the server and the client count the same.
#[tokio::test]
async fn the_bytes_of_a_poll_are_counted_to_the_byte() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut connection = tokio::net::TcpStream::connect(&server.address)
        .await
        .unwrap();
    let request = format!(
        "GET /api/rooms/lobby/messages HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncookie: {}\r\n\r\n",
        alice.cookie()
    );
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut response = Vec::new();
    connection.read_to_end(&mut response).await.unwrap();
    let expected = (request.len() as f64, response.len() as f64);
    until("both are counted to the byte", async || {
        let count = async |what| {
            let name = format!("pushlab_{what}_bytes_total{{transport=\"short_poll\"}}");
            server.metric(&name).await
        };
        (count("received").await, count("sent").await) == expected
    })
    .await;
}

/// The link delays both directions, and a session is valid behind it too.
#[tokio::test]
async fn the_link_delays_and_changes_nothing() {
    let server = Server::start_with(Options::with(&["--link", "60ms"])).await;
    let alice = server.user("alice").await;
    let behind = alice.by_way_of(server.behind_link.as_ref().unwrap());
    for transport in Transport::ALL {
        let mut reader = Reader::open_at_head(transport, &behind, "lobby").await;
        let sent = Instant::now();
        let sent_json = alice.say("lobby", "far away").await;
        assert_eq!(reader.next().await.json, sent_json);
        assert!(sent.elapsed() >= Duration::from_millis(60), "{transport:?}");
    }
    let started = Instant::now();
    behind.say("lobby", "from far away").await;
    assert!(started.elapsed() >= Duration::from_millis(120));
}

//! What readers have cost.

use harness::{Reader, Server, soon, until};
use protocol::Transport;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::viewing::{connections, exchange, reading_cost, viewing_user};

fn sum(exchange: &Value, way: &str) -> u64 {
    let steps = exchange["steps"].as_array().unwrap().iter();
    let matching = steps.filter(|step| step["way"] == way);
    matching.map(|step| step["bytes"].as_u64().unwrap()).sum()
}

#[tokio::test]
async fn the_kernel_and_the_exchanges_agree_on_the_cost() {
    let server = Server::start().await;
    let user = viewing_user(&server, "alice").await;
    for (transport, seq) in [Transport::Sse, Transport::WebSocket].into_iter().zip(1..) {
        let mut reader = Reader::open(transport, &user, "lobby", seq - 1);
        user.say("lobby", "count me").await;
        reader.next().await;
        let shown = exchange(&user, transport, seq).await;
        assert_eq!(shown["omitted"], 0);
        until("the kernel counts the same", async || {
            let cost = reading_cost(&user, transport).await.unwrap();
            assert_eq!(cost["requests"], 1);
            cost["bytes_up"] == sum(&shown, "up") && cost["bytes_down"] == sum(&shown, "down")
        })
        .await;
    }
    // Short polls share their connections with the other requests of this client.
    let mut reader = Reader::open(Transport::ShortPoll, &user, "lobby", 2);
    user.say("lobby", "me too").await;
    reader.next().await;
    until("three polls were answered", async || {
        let cost = reading_cost(&user, Transport::ShortPoll).await;
        cost.is_some_and(|cost| cost["requests"].as_u64() >= Some(3))
    })
    .await;
    drop(reader);
    let cost = reading_cost(&user, Transport::ShortPoll).await.unwrap();
    let shown = exchange(&user, Transport::ShortPoll, 3).await;
    let each = sum(&shown, "up");
    assert_eq!(
        cost["bytes_up"].as_u64().unwrap() / each,
        cost["requests"].as_u64().unwrap(),
        "{cost} with {each} bytes a request"
    );
}

#[tokio::test]
async fn the_cost_of_closed_connections_is_kept() {
    let server = Server::start().await;
    let user = viewing_user(&server, "alice").await;
    let mut cost = 0;
    for turn in 1..=3 {
        let mut reader = Reader::open(Transport::WebSocket, &user, "lobby", turn - 1);
        user.say("lobby", "again").await;
        reader.next().await;
        drop(reader);
        until("it is closed and counted", async || {
            let all = connections(&user).await;
            let is_open = |each: &Value| each["transport"] == "websocket";
            let none = !all["connections"].as_array().unwrap().iter().any(is_open);
            let now = reading_cost(&user, Transport::WebSocket).await.unwrap();
            none && now["requests"] == turn && now["bytes_down"].as_u64().unwrap() > cost
        })
        .await;
        let now = reading_cost(&user, Transport::WebSocket).await.unwrap();
        cost = now["bytes_down"].as_u64().unwrap();
        assert_eq!(
            exchange(&user, Transport::WebSocket, turn).await["room"],
            "lobby"
        );
    }
}

#[tokio::test]
async fn earlier_requests_on_a_connection_are_not_counted_for_its_next_reader() {
    let server = Server::start().await;
    let user = viewing_user(&server, "alice").await;
    let mut connection = BufReader::new(TcpStream::connect(&server.address).await.unwrap());
    for _ in 0..30 {
        exchange_raw(
            &mut connection,
            &format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", server.address),
        )
        .await;
    }
    let poll = format!(
        "GET /api/rooms/lobby/messages?after=0 HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\r\n",
        server.address,
        user.cookie()
    );
    exchange_raw(&mut connection, &poll).await;
    let cost = reading_cost(&user, Transport::ShortPoll).await.unwrap();
    assert_eq!(
        (&cost["requests"], &cost["bytes_up"]),
        (&1.into(), &poll.len().into())
    );
    assert!(cost["segments_up"].as_u64().unwrap() <= 3, "{cost}");
    // The request for these figures is not counted, although it may use the same connection.
    assert_eq!(
        reading_cost(&user, Transport::ShortPoll).await.unwrap()["requests"],
        1
    );
}

/// Sends a request and reads the whole response.
async fn exchange_raw(connection: &mut BufReader<TcpStream>, request: &str) {
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut length = 0;
    loop {
        let mut header = String::new();
        soon("a response", connection.read_line(&mut header))
            .await
            .unwrap();
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        if header == "\r\n" {
            break;
        }
    }
    connection.read_exact(&mut vec![0; length]).await.unwrap();
}

//! What connections have cost, by reader.

use harness::{Reader, Server, soon, until};
use protocol::Transport;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::looking::{carried, connections, exchange, looking};

fn sum(exchange: &Value, way: &str) -> u64 {
    let steps = exchange["steps"].as_array().unwrap().iter();
    let there = steps.filter(|step| step["way"] == way);
    there.map(|step| step["bytes"].as_u64().unwrap()).sum()
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

//! Connections without a client behind them, for those that misbehave.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use super::{Server, User};

/// What makes a request the handshake of a WebSocket.
pub const UPGRADE: &str = "connection: upgrade\r\nupgrade: websocket\r\n\
     sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// Sends a request and reads nothing. The kernel takes little for it before it is read.
pub async fn request(server: &Server, user: &User, head: &str, body: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    let mut stream = socket
        .connect(server.address.parse().unwrap())
        .await
        .unwrap();
    send(&mut stream, server, user, head, body).await;
    stream
}

/// Sends another request on the same connection. `head` is the request line and further headers.
pub async fn send(stream: &mut TcpStream, server: &Server, user: &User, head: &str, body: &str) {
    let (line, extra) = head.split_once("\r\n").unwrap_or((head, ""));
    let request = format!(
        "{line} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\ncontent-length: {}\r\n{extra}\r\n{body}",
        server.address,
        user.cookie(),
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
}

/// The whole answer to a GET by nobody in particular, whose `path` is sent as it stands.
pub async fn get(server: &Server, path: &str) -> String {
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    let host = &server.address;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

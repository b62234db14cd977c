//! Plain connections, for tests of clients that misbehave.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use super::{Server, User};

/// The header fields of a WebSocket's handshake.
pub const UPGRADE: &str = "connection: upgrade\r\nupgrade: websocket\r\n\
     sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// Sends a request and reads nothing. The receive buffer is small, so that the server cannot send
/// much.
pub async fn request(server: &Server, user: &User, header: &str, body: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    let mut stream = socket
        .connect(server.address.parse().unwrap())
        .await
        .unwrap();
    send(&mut stream, server, user, header, body).await;
    stream
}

/// Sends another request on the same connection. `header` is the request line, without the version,
/// and further header fields.
pub async fn send(stream: &mut TcpStream, server: &Server, user: &User, header: &str, body: &str) {
    let (line, extra) = header.split_once("\r\n").unwrap_or((header, ""));
    let request = format!(
        "{line} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\ncontent-length: {}\r\n{extra}\r\n{body}",
        server.address,
        user.cookie(),
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
}

/// The complete response to a GET without an account; `path` is sent unchanged.
pub async fn get(server: &Server, path: &str) -> String {
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    let host = &server.address;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    response
}

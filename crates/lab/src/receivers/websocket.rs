//! WebSocket: the connection stops being HTTP.

use std::convert::Infallible;

use futures_util::StreamExt;
use tokio::time::timeout;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::protocol::{Message, WebSocketConfig},
};

use super::{
    client::Client, context::SILENCE, counted_stream::CountedStream, failure::Failure,
    tally::ReceiverProgress,
};

/// What stands around a message's JSON in its frame's payload.
const BEFORE: &str = "{\"message\":";
const AFTER: &str = "}";
/// For each connection: the library's own 128 KiB would be a gibibyte for all of them.
const BUFFER: usize = 4096;

/// # Errors
/// Whatever ended it; it does not end otherwise.
pub async fn receive(
    client: &Client,
    reader: &mut ReceiverProgress,
) -> Result<Infallible, Failure> {
    let path = format!(
        "/api/rooms/{}/ws?after={}",
        client.room,
        reader.audit.cursor()
    );
    let connection = client.connect().await?;
    let handshake = client
        .context
        .profile
        .handshake(&client.context.host, &path);
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(0);
    let upgraded = client_async_with_config(handshake, connection.stream.clone(), Some(config));
    let (mut socket, _) = timeout(SILENCE, upgraded)
        .await
        .map_err(|_| Failure::Silent)??;
    connection.stream.ends_heads();
    client.is_ready();
    loop {
        let text = timeout(SILENCE, next(&mut socket)).await;
        let text = text.map_err(|_| Failure::Silent)??;
        let json = text
            .strip_prefix(BEFORE)
            .and_then(|rest| rest.strip_suffix(AFTER));
        if let Some(json) = json {
            connection.stream.count_payload(json.len());
            client
                .context
                .tally
                .deliver(reader, json.as_bytes(), connection.stream.heard());
        }
    }
}

/// The next text, or an empty one for a ping, which the library has answered.
async fn next(socket: &mut WebSocketStream<CountedStream>) -> Result<String, Failure> {
    match socket.next().await {
        Some(Ok(Message::Text(text))) => Ok(text.as_str().to_owned()),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(String::new()),
        Some(Ok(_)) | None => Err(Failure::Closed),
        Some(Err(error)) => Err(error.into()),
    }
}

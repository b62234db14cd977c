//! WebSocket.

use std::convert::Infallible;

use futures_util::StreamExt;
use tokio::time::timeout;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::protocol::{Message, WebSocketConfig},
};

use super::{
    client::Client, context::SILENCE_TIMEOUT, counted_stream::CountedStream, failure::Failure,
    tally::ReceiverProgress,
};

/// The parts of a frame's payload before and after the message's JSON.
const BEFORE: &str = "{\"message\":";
const AFTER: &str = "}";
/// The read buffer of each connection. The library's default of 128 KiB would take 1 GiB for 10,000
/// connections.
const BUFFER: usize = 4096;

/// # Errors
/// The reason why it ended; it does not end otherwise.
pub async fn receive(
    client: &Client,
    progress: &mut ReceiverProgress,
) -> Result<Infallible, Failure> {
    let path = format!(
        "/api/rooms/{}/ws?after={}",
        client.room,
        progress.audit.cursor()
    );
    let connection = client.connect().await?;
    let handshake = client
        .context
        .request_template
        .handshake(&client.context.host, &path);
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(0);
    let upgraded = client_async_with_config(handshake, connection.stream.clone(), Some(config));
    let (mut socket, _) = timeout(SILENCE_TIMEOUT, upgraded)
        .await
        .map_err(|_| Failure::Silent)??;
    connection.stream.end_http();
    client.report_ready();
    loop {
        let text = timeout(SILENCE_TIMEOUT, next(&mut socket)).await;
        let text = text.map_err(|_| Failure::Silent)??;
        let json = text
            .strip_prefix(BEFORE)
            .and_then(|rest| rest.strip_suffix(AFTER));
        if let Some(json) = json {
            connection.stream.count_payload(json.len());
            client.context.tally.deliver(
                progress,
                json.as_bytes(),
                connection.stream.last_reading(),
            );
        }
    }
}

/// The next text; an empty one for a ping, to which the library has replied.
async fn next(socket: &mut WebSocketStream<CountedStream>) -> Result<String, Failure> {
    match socket.next().await {
        Some(Ok(Message::Text(text))) => Ok(text.as_str().to_owned()),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(String::new()),
        Some(Ok(_)) | None => Err(Failure::Closed),
        Some(Err(error)) => Err(error.into()),
    }
}

//! Server-sent events: one response that does not end.

use std::convert::Infallible;

use bytes::{Buf, BytesMut};
use tokio::time::timeout;

use super::{
    client::Client, context::SILENCE_TIMEOUT, failure::Failure, http_connection::HttpConnection,
    tally::ReceiverProgress,
};

/// # Errors
/// The reason why it ended; it does not end otherwise.
pub async fn receive(
    client: &Client,
    progress: &mut ReceiverProgress,
) -> Result<Infallible, Failure> {
    let path = format!(
        "/api/rooms/{}/events?after={}",
        client.room,
        progress.audit.cursor()
    );
    let mut connection = HttpConnection::open(client).await?;
    let response = connection.open_stream(client.context.request_template.get(&path, false));
    let response = timeout(SILENCE_TIMEOUT, response)
        .await
        .map_err(|_| Failure::Silent)??;
    if response.status() != 200 {
        return Err(Failure::Refused(response.status().as_u16()));
    }
    client.report_ready();
    let mut body = response.into_body();
    let mut text = BytesMut::new();
    loop {
        let piece = timeout(SILENCE_TIMEOUT, connection.next_piece(&mut body)).await;
        let (piece, reading) = piece.map_err(|_| Failure::Silent)??;
        text.extend_from_slice(&piece);
        while let Some(end) = memchr::memmem::find(&text, b"\n\n") {
            if let Some(json) = data(&text[..end]) {
                connection.stream().count_payload(json.len());
                client.context.tally.deliver(progress, json, reading);
            }
            text.advance(end + 2);
        }
    }
}

/// The data of a block; `None` for a comment.
fn data(block: &[u8]) -> Option<&[u8]> {
    let mut lines = block.split(|byte| *byte == b'\n');
    lines.find_map(|line| line.strip_prefix(b"data: "))
}

#[cfg(test)]
mod tests {
    use super::data;

    #[test]
    fn a_block_has_data_and_a_comment_has_none() {
        assert_eq!(data(b"id: 4\ndata: {\"a\":1}"), Some(&b"{\"a\":1}"[..]));
        assert_eq!(data(b":"), None);
    }
}

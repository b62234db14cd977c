//! Server-sent events: one answer that never ends.

use std::convert::Infallible;

use bytes::{Buf, BytesMut};
use tokio::time::timeout;

use super::{
    client::Client, context::SILENCE, failure::Failure, http_connection::HttpConnection,
    tally::ReceiverProgress,
};

/// # Errors
/// Whatever ended it; it does not end otherwise.
pub async fn receive(
    client: &Client,
    reader: &mut ReceiverProgress,
) -> Result<Infallible, Failure> {
    let path = format!(
        "/api/rooms/{}/events?after={}",
        client.room,
        reader.audit.cursor()
    );
    let mut exchange = HttpConnection::open(client).await?;
    let asked = exchange.begin(client.context.profile.get(&path, false));
    let response = timeout(SILENCE, asked)
        .await
        .map_err(|_| Failure::Silent)??;
    if response.status() != 200 {
        return Err(Failure::Refused(response.status().as_u16()));
    }
    client.is_ready();
    let mut body = response.into_body();
    let mut text = BytesMut::new();
    loop {
        let piece = timeout(SILENCE, exchange.next(&mut body)).await;
        let (piece, at) = piece.map_err(|_| Failure::Silent)??;
        text.extend_from_slice(&piece);
        while let Some(end) = memchr::memmem::find(&text, b"\n\n") {
            if let Some(json) = data(&text[..end]) {
                exchange.stream().count_payload(json.len());
                client.context.tally.deliver(reader, json, at);
            }
            text.advance(end + 2);
        }
    }
}

/// What a block says, if it is no comment.
fn data(block: &[u8]) -> Option<&[u8]> {
    let mut lines = block.split(|byte| *byte == b'\n');
    lines.find_map(|connection| connection.strip_prefix(b"data: "))
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

//! The parameters of a poll, short or long, and its response.

use std::{
    cell::RefCell,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use actix_http::{
    KeepAlive, ServiceConfigBuilder,
    body::BodySize,
    h1::{Codec, Message},
};
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Bytes, BytesMut},
};
use domain::chat::Page;
use protocol::{Beside, EncodedMessage, EncodedPresence, encode_response};
use tokio_util::codec::{Decoder as _, Encoder as _};

use super::{ReadRequest, Reader, page::page_response};
use crate::{
    http::{Error, response},
    metrics::EndReason,
};

/// A poll, short or long.
pub struct PollRequest {
    pub read: ReadRequest,
    /// How long the client counts as present after the response.
    pub grace_period: Duration,
}

/// The answer to a poll.
pub enum Answer {
    Response(HttpResponse),
    /// The response to a plain poll, as bytes.
    Encoded(Bytes),
    /// The response has been sent, together with those to other polls.
    Sent,
}

/// The response to a poll: 204 if there is nothing to send.
///
/// # Errors
/// 429 or 503 if too many large responses are being sent.
pub async fn respond(
    reader: &mut Reader,
    page: Page,
    presence: Option<&EncodedPresence>,
) -> Result<Answer, Error> {
    let messages = page.messages();
    if messages == 0 && presence.is_none() && !reader.starts_at_head() {
        return Ok(respond_empty(reader, EndReason::Empty));
    }
    let asker = (&reader.state().limits, reader.limited_account());
    let epoch = reader.epoch();
    let beside = Beside { epoch, presence };
    let response = page_response(asker, page, reader.head(), beside).await;
    if response.is_err() {
        reader.set_end_reason(EndReason::Failed);
    }
    let response = response?;
    reader.count_delivered(messages);
    reader.set_end_reason(EndReason::Answered);
    Ok(Answer::Response(response))
}

/// An empty response to a poll, for this reason.
pub fn respond_empty(reader: &mut Reader, reason: EndReason) -> Answer {
    reader.set_end_reason(reason);
    match reader.is_plain_poll() {
        true => Answer::Encoded(ENCODER.with_borrow_mut(Encoder::empty)),
        false => Answer::Response(response::no_content()),
    }
}

thread_local! {
    static ENCODER: RefCell<Encoder> = RefCell::new(Encoder::new());
}

/// Encodes responses that are the same for many polls, for connections that are kept.
struct Encoder {
    codec: Codec,
    /// The response without a body, and the second of its date.
    empty: (u64, Bytes),
}

impl Encoder {
    fn new() -> Self {
        let config = ServiceConfigBuilder::new().keep_alive(KeepAlive::Os);
        let mut codec = Codec::new(config.build());
        let mut request = BytesMut::from(&b"GET / HTTP/1.1\r\nhost: -\r\n\r\n"[..]);
        let decoded = codec.decode(&mut request);
        debug_assert!(matches!(decoded, Ok(Some(Message::Item(_)))));
        Encoder {
            codec,
            empty: (0, Bytes::new()),
        }
    }

    fn encode(&mut self, response: HttpResponse, body: &[u8]) -> Bytes {
        let (response, _) = actix_http::Response::from(response).into_parts();
        let mut encoded = BytesMut::new();
        let header = Message::Item((response, BodySize::Sized(body.len() as u64)));
        // Encoding to memory does not fail.
        let _ = self.codec.encode(header, &mut encoded);
        encoded.extend_from_slice(body);
        encoded.freeze()
    }

    fn empty(&mut self) -> Bytes {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let second = now.unwrap_or_default().as_secs();
        if self.empty.0 != second {
            self.empty = (second, self.encode(response::no_content(), b""));
        }
        self.empty.1.clone()
    }
}

/// The response to each poll that waits for these messages. There is at least one; the last is the newest.
pub fn encoded_response(messages: &[EncodedMessage]) -> Bytes {
    let head = messages.last().map_or(0, EncodedMessage::seq);
    let body = encode_response(messages, head, Beside::default());
    let response = response::encoded(StatusCode::OK, Bytes::new());
    ENCODER.with_borrow_mut(|encoder| encoder.encode(response, &body))
}

//! The parameters of a poll, short or long, and its response.

use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode};
use protocol::{EncodedMessage, EncodedPresence, encode_response};

use super::{ReadRequest, Reader};
use crate::{http::response, metrics::EndReason};

/// A poll, short or long.
pub struct PollRequest {
    pub read: ReadRequest,
    /// The most messages in the response.
    pub limit: usize,
    /// How long the client counts as present after the response.
    pub grace_period: Duration,
}

/// The response to a poll: 204 if there is nothing to send.
pub fn respond(
    reader: &mut Reader,
    messages: &[EncodedMessage],
    presence: Option<&EncodedPresence>,
) -> HttpResponse {
    reader.count_delivered(messages.len());
    if messages.is_empty() && presence.is_none() && !reader.starts_at_head() {
        return respond_empty(reader, EndReason::Empty);
    }
    reader.set_end_reason(EndReason::Answered);
    let body = encode_response(messages, reader.head(), presence);
    response::encoded(StatusCode::OK, body)
}

/// An empty response to a poll, for this reason.
pub fn respond_empty(reader: &mut Reader, reason: EndReason) -> HttpResponse {
    reader.set_end_reason(reason);
    response::no_content()
}

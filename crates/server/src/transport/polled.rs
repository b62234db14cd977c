//! StepKind a poll of either kind asks for, and the one form of its answer.

use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode};
use protocol::{EncodedMessage, EncodedPresence, encode_response};

use super::{ReadRequest, Reader};
use crate::{http::answer, metrics::Ended};

/// A poll of either kind.
pub struct Poll {
    pub read: ReadRequest,
    /// The most messages that the answer may carry.
    pub limit: usize,
    /// How long after the answer the same client is expected back.
    pub grace_period: Duration,
}

/// The answer to a poll: 204 where there is nothing to tell.
pub fn answered(
    reader: &mut Reader,
    messages: &[EncodedMessage],
    presence: Option<&EncodedPresence>,
) -> HttpResponse {
    reader.delivered(messages.len());
    if messages.is_empty() && presence.is_none() && !reader.tells_head() {
        return empty(reader, Ended::Empty);
    }
    reader.end(Ended::Answered);
    let body = encode_response(messages, reader.head(), presence);
    answer::encoded(StatusCode::OK, body)
}

/// The answer to a poll that is told nothing, for this reason.
pub fn empty(reader: &mut Reader, reason: Ended) -> HttpResponse {
    reader.end(reason);
    answer::nothing()
}

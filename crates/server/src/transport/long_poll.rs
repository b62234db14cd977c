//! Long polling: the response is held until there are messages, or until `wait` has passed.

use std::time::Duration;

use protocol::{EncodedPresence, Transport};
use tokio::time::Instant;

use super::{
    Reader,
    poll_request::{Answer, PollRequest, respond, respond_empty},
    reader::ReaderEvent,
};
use crate::{http::Error, metrics::EndReason};

/// Opens the reader of a long poll.
pub fn open(poll: PollRequest) -> Result<Reader, Error> {
    let after = poll.read.after()?;
    Reader::open(poll.read, Transport::LongPoll, after, poll.grace_period)
}

/// Answers when there is something, or after `wait`.
pub async fn answer(mut reader: Reader, limit: usize, wait: Duration) -> Result<Answer, Error> {
    if reader.starts_at_head() {
        let presence = reader.changed_presence();
        return Ok(respond(&mut reader, &[], presence.as_deref()));
    }
    let waited = reader.until(Instant::now() + wait);
    let event = tokio::select! {
        biased;
        event = reader.next(limit) => event,
        () = waited => return Ok(respond_empty(&mut reader, EndReason::Empty)),
    };
    match event {
        ReaderEvent::Answered => Ok(Answer::Sent),
        ReaderEvent::Messages(messages) => {
            let presence = reader.changed_presence();
            Ok(respond(&mut reader, &messages, presence.as_deref()))
        }
        // In a box, so that a poll that waits has no room for it.
        ReaderEvent::Presence(presence) => Box::pin(with_messages(reader, limit, &presence)).await,
        ReaderEvent::End(EndReason::Draining) => {
            Ok(respond_empty(&mut reader, EndReason::Draining))
        }
        ReaderEvent::End(EndReason::SignedOut) => {
            reader.set_end_reason(EndReason::SignedOut);
            Err(Error::not_signed_in())
        }
        ReaderEvent::End(reason) => {
            reader.set_end_reason(reason);
            Err(Error::unavailable(
                "the messages could not be read: try again in a moment",
            ))
        }
    }
}

/// The response to a change of presence. It includes any new messages: a response has all there is.
async fn with_messages(
    mut reader: Reader,
    limit: usize,
    presence: &EncodedPresence,
) -> Result<Answer, Error> {
    let (messages, newer) = reader.ready(limit).await?;
    let presence = newer.as_deref().unwrap_or(presence);
    Ok(respond(&mut reader, &messages, Some(presence)))
}

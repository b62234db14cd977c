//! Long polling: the response is held until there are messages, or until `wait` has passed.

use std::{sync::Arc, time::Duration};

use domain::chat::Page;
use protocol::{EncodedMessage, EncodedPresence, Transport};
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

/// Answers when there is something, or after `wait`. What it does then is in a box, so that a poll that waits
/// has no room for it.
pub async fn answer(mut reader: Reader, limit: usize, wait: Duration) -> Result<Answer, Error> {
    if reader.starts_at_head() {
        return Box::pin(with_head(reader)).await;
    }
    let waited = reader.until(Instant::now() + wait);
    let event = tokio::select! {
        biased;
        event = reader.next(limit) => event,
        () = waited => return Ok(respond_empty(&mut reader, EndReason::Empty)),
    };
    match event {
        ReaderEvent::Answered => Ok(Answer::Sent),
        ReaderEvent::Messages(begun) => Box::pin(with_messages(reader, limit, begun, None)).await,
        ReaderEvent::Presence(presence) => {
            Box::pin(with_messages(reader, limit, Vec::new(), Some(presence))).await
        }
        ReaderEvent::End(EndReason::Draining) => {
            Ok(respond_empty(&mut reader, EndReason::Draining))
        }
        ReaderEvent::End(EndReason::SignedOut) => {
            reader.set_end_reason(EndReason::SignedOut);
            Err(Error::not_signed_in())
        }
        ReaderEvent::End(EndReason::OtherHistory) => {
            reader.set_end_reason(EndReason::OtherHistory);
            Err(Error::other_history(&reader.state().hub.history().epoch()))
        }
        ReaderEvent::End(reason) => {
            reader.set_end_reason(reason);
            Err(Error::unavailable(
                "the messages could not be read: try again in a moment",
            ))
        }
    }
}

/// The response to a poll without a cursor: where the room is.
async fn with_head(mut reader: Reader) -> Result<Answer, Error> {
    let presence = reader.changed_presence();
    let nothing = Page::Whole(Vec::new());
    respond(&mut reader, nothing, presence.as_deref()).await
}

/// The response with all there is: the messages, of which `begun` have been read, and the newest presence if
/// it has changed.
async fn with_messages(
    mut reader: Reader,
    limit: usize,
    begun: Vec<EncodedMessage>,
    presence: Option<Arc<EncodedPresence>>,
) -> Result<Answer, Error> {
    let page = reader.complete(begun, limit).await?;
    let presence = reader.changed_presence().or(presence);
    respond(&mut reader, page, presence.as_deref()).await
}

//! Long polling: the response is held until there are messages, or until `wait` has passed.

use std::time::Duration;

use actix_web::HttpResponse;
use protocol::{EncodedPresence, Transport};
use tokio::time::timeout;

use super::{
    Reader,
    poll_request::{PollRequest, respond, respond_empty},
    reader::ReaderEvent,
};
use crate::{http::Error, metrics::EndReason};

/// Responds to a long poll.
pub async fn poll(poll: PollRequest, wait: Duration) -> Result<HttpResponse, Error> {
    let (after, limit) = (poll.read.after()?, poll.limit);
    let mut reader = Reader::open(poll.read, Transport::LongPoll, after, poll.grace_period)?;
    if reader.starts_at_head() {
        let presence = reader.changed_presence();
        return Ok(respond(&mut reader, &[], presence.as_deref()));
    }
    match timeout(wait, reader.next(limit)).await {
        Err(_) => Ok(respond_empty(&mut reader, EndReason::Empty)),
        Ok(ReaderEvent::Messages(messages)) => {
            let presence = reader.changed_presence();
            Ok(respond(&mut reader, &messages, presence.as_deref()))
        }
        Ok(ReaderEvent::Presence(presence)) => with_messages(reader, limit, &presence).await,
        Ok(ReaderEvent::End(EndReason::Draining)) => {
            Ok(respond_empty(&mut reader, EndReason::Draining))
        }
        Ok(ReaderEvent::End(EndReason::SignedOut)) => {
            reader.set_end_reason(EndReason::SignedOut);
            Err(Error::not_signed_in())
        }
        Ok(ReaderEvent::End(reason)) => {
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
) -> Result<HttpResponse, Error> {
    let (messages, newer) = reader.ready(limit).await?;
    let presence = newer.as_deref().unwrap_or(presence);
    Ok(respond(&mut reader, &messages, Some(presence)))
}

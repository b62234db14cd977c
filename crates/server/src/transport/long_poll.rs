//! Long polling: the answer waits until there is something, or until the client's patience ends.

use std::time::Duration;

use actix_web::HttpResponse;
use protocol::{EncodedPresence, Transport};
use tokio::time::timeout;

use super::{
    Reader,
    polled::{Poll, answered, empty},
    reader::Event,
};
use crate::{http::Error, metrics::Ended};

pub async fn answer(poll: Poll, wait: Duration) -> Result<HttpResponse, Error> {
    let (after, limit) = (poll.read.after()?, poll.limit);
    let mut reader = Reader::open(poll.read, Transport::LongPoll, after, poll.grace_period)?;
    if reader.tells_head() {
        let presence = reader.presence_news();
        return Ok(answered(&mut reader, &[], presence.as_deref()));
    }
    match timeout(wait, reader.next(limit)).await {
        Err(_) => Ok(empty(&mut reader, Ended::Empty)),
        Ok(Event::Messages(messages)) => {
            let presence = reader.presence_news();
            Ok(answered(&mut reader, &messages, presence.as_deref()))
        }
        Ok(Event::Presence(presence)) => with_messages(reader, limit, &presence).await,
        Ok(Event::End(Ended::Draining)) => Ok(empty(&mut reader, Ended::Draining)),
        Ok(Event::End(Ended::SignedOut)) => {
            reader.end(Ended::SignedOut);
            Err(Error::not_signed_in())
        }
        Ok(Event::End(reason)) => {
            reader.end(reason);
            Err(Error::unavailable(
                "the messages could not be read: try again in a moment",
            ))
        }
    }
}

/// An answer carries all there is, so a change of presence takes the messages along.
async fn with_messages(
    mut reader: Reader,
    limit: usize,
    presence: &EncodedPresence,
) -> Result<HttpResponse, Error> {
    let (messages, newer) = reader.ready(limit).await?;
    let presence = newer.as_deref().unwrap_or(presence);
    Ok(answered(&mut reader, &messages, Some(presence)))
}

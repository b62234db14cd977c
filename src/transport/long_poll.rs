//! Long polling: the answer waits until there is something, or until the client's patience ends.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpRequest, HttpResponse};
use tokio::time::timeout;

use super::{Reader, answered, empty, reader::Event};
use crate::{
    chat::Room,
    metrics::Ended,
    web::{Caller, Error, Params},
    wire::{PackedPresence, Transport},
};

pub async fn answer(
    request: HttpRequest,
    caller: Caller,
    room: Arc<Room>,
    params: Params,
    wait: Duration,
    limit: usize,
    linger: Duration,
) -> Result<HttpResponse, Error> {
    let transport = Transport::LongPoll;
    let mut reader = Reader::open(&request, caller, room, &params, transport, linger)?;
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
    presence: &PackedPresence,
) -> Result<HttpResponse, Error> {
    let (messages, newer) = reader.ready(limit).await?;
    let presence = newer.as_deref().unwrap_or(presence);
    Ok(answered(&mut reader, &messages, Some(presence)))
}

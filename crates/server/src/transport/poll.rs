//! The address that polls of both kinds share, and history.

use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode};
use domain::chat::Room;
use protocol::{MAX_MESSAGES_PER_RESPONSE, MESSAGES_PER_RESPONSE, encode_response};

use super::{ReadRequest, long_poll, polled::Poll, short_poll};
use crate::http::{Error, answer};

/// How late a poll may be before its client counts as gone.
const GRACE: Duration = Duration::from_secs(10);
/// The longest pause between polls that presence allows for, in seconds.
const LONGEST_INTERVAL: f64 = 3_600.0;

/// `GET …/messages`: history with `before`, a long poll with `wait`, else a short one.
pub async fn answer(read: ReadRequest) -> Result<HttpResponse, Error> {
    check_binding(&read)?;
    let params = &read.params;
    let limit = params
        .number("limit", 1..=MAX_MESSAGES_PER_RESPONSE)?
        .unwrap_or(MESSAGES_PER_RESPONSE);
    let before = params.seq("before")?;
    let wait = params.seconds("wait", 1.0..=60.0)?;
    let interval = params.seconds("interval", 0.0..=LONGEST_INTERVAL)?;
    let asks_for_both = wait.is_some() || params.text("after").is_some();
    let poll = Poll {
        limit,
        grace_period: interval.unwrap_or_default() + GRACE,
        read,
    };
    match (before, wait) {
        (Some(_), _) if asks_for_both => Err(Error::invalid(
            "before",
            "asks for history, so it goes with neither after nor wait",
        )),
        (Some(before), _) => history(&poll.read.room, before, limit).await,
        (None, Some(wait)) => long_poll::answer(poll, wait).await,
        (None, None) => short_poll::answer(poll).await,
    }
}

/// A poll that is bound to a server must come to that one.
fn check_binding(read: &ReadRequest) -> Result<(), Error> {
    let server = read.meter.server_name();
    match read.params.text("session") {
        Some(session) if !read.state.bindings.knows(session, server) => {
            Err(Error::bad_request(format!(
                "Session ID unknown: it did not begin with server {server}, and no other remembers it"
            )))
        }
        _ => Ok(()),
    }
}

/// The newest messages before a `seq`.
async fn history(room: &Room, before: u64, limit: usize) -> Result<HttpResponse, Error> {
    let messages = room.messages_before(before, limit).await?;
    if messages.is_empty() {
        return Ok(answer::nothing());
    }
    let body = encode_response(&messages, room.log.head(), None);
    Ok(answer::encoded(StatusCode::OK, body))
}

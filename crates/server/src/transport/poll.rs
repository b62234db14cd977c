//! The path that short polls, long polls and history share.

use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode};
use domain::chat::Room;
use protocol::{MAX_MESSAGES_PER_RESPONSE, MESSAGES_PER_RESPONSE, encode_response};

pub use super::poll_request::Answer;
use super::{ReadRequest, long_poll, poll_request::PollRequest, short_poll};
use crate::http::{Error, response};

/// How late the next poll may be before the client counts as absent.
const MAX_DELAY: Duration = Duration::from_secs(10);
/// The largest `interval` between polls, in seconds.
const MAX_INTERVAL: f64 = 3_600.0;

/// `GET …/messages` through the application.
pub async fn get(read: ReadRequest) -> Result<HttpResponse, Error> {
    match poll(read).await? {
        Answer::Response(response) => Ok(response),
        Answer::Encoded(_) | Answer::Sent => {
            Err(Error::internal("only plain polls are answered alike"))
        }
    }
}

/// `GET …/messages`: history with `before`, a long poll with `wait`, else a short one.
pub async fn poll(read: ReadRequest) -> Result<Answer, Error> {
    check_binding(&read)?;
    let params = &read.params;
    let limit = params
        .number("limit", 1..=MAX_MESSAGES_PER_RESPONSE)?
        .unwrap_or(MESSAGES_PER_RESPONSE);
    let before = params.seq("before")?;
    let wait = params.seconds("wait", 1.0..=60.0)?;
    let interval = params.seconds("interval", 0.0..=MAX_INTERVAL)?;
    let is_poll = wait.is_some() || params.text("after").is_some();
    let poll = PollRequest {
        limit,
        grace_period: interval.unwrap_or_default() + MAX_DELAY,
        read,
    };
    match (before, wait) {
        (Some(_), _) if is_poll => Err(Error::invalid(
            "before",
            "is for history and cannot be combined with after or wait",
        )),
        (Some(before), _) => history(&poll.read.room, before, limit)
            .await
            .map(Answer::Response),
        (None, Some(wait)) => long_poll::poll(poll, wait).await,
        (None, None) => short_poll::poll(poll).await,
    }
}

/// A poll with a `session` must be sent to the server that created the session.
fn check_binding(read: &ReadRequest) -> Result<(), Error> {
    let server = read.wire.meter().server_name();
    match read.params.text("session") {
        Some(session) if !read.state.bindings.contains(&session, server) => {
            Err(Error::bad_request(format!(
                "Session ID unknown: server {server} did not create it, and sessions are not shared"
            )))
        }
        _ => Ok(()),
    }
}

/// Responds with the newest messages before a `seq`.
async fn history(room: &Room, before: u64, limit: usize) -> Result<HttpResponse, Error> {
    let messages = room.messages_before(before, limit).await?;
    if messages.is_empty() {
        return Ok(response::no_content());
    }
    let body = encode_response(&messages, room.log.head(), None);
    Ok(response::encoded(StatusCode::OK, body))
}

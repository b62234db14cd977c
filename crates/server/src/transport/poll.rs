//! The path that short polls, long polls and history share.

use std::time::Duration;

use actix_web::HttpResponse;
use futures_util::future::LocalBoxFuture;
use protocol::{Beside, MAX_MESSAGES_PER_RESPONSE, MESSAGES_PER_RESPONSE};

pub use super::poll_request::Answer;
use super::{ReadRequest, long_poll, page::page_response, poll_request::PollRequest, short_poll};
use crate::{
    http::{Error, response},
    limits::is_limited,
};

/// How late the next poll may be before the client counts as absent.
const MAX_DELAY: Duration = Duration::from_secs(10);
/// The largest `interval` between polls, in seconds.
const MAX_INTERVAL: f64 = 3_600.0;

/// `GET …/messages` through the application.
pub async fn get(read: ReadRequest) -> Result<HttpResponse, Error> {
    match open(read)?.await? {
        Answer::Response(response) => Ok(response),
        Answer::Encoded(_) | Answer::Sent => {
            Err(Error::internal("only plain polls are answered alike"))
        }
    }
}

/// The answer to `GET …/messages`, in a box of its size.
///
/// # Errors
/// The refusal of the request.
pub fn open(read: ReadRequest) -> Result<LocalBoxFuture<'static, Result<Answer, Error>>, Error> {
    if !read.is_ahead() {
        return open_known(read);
    }
    Ok(Box::pin(async move {
        read.catch_up().await?;
        open_known(read)?.await
    }))
}

/// History with `before`, a long poll with `wait`, else a short one.
fn open_known(read: ReadRequest) -> Result<LocalBoxFuture<'static, Result<Answer, Error>>, Error> {
    check_binding(&read)?;
    let params = &read.params;
    let limit = params
        .number("limit", 1..=MAX_MESSAGES_PER_RESPONSE)?
        .unwrap_or(MESSAGES_PER_RESPONSE);
    let before = params.seq("before")?;
    let wait = params.seconds("wait", 1.0..=60.0)?;
    let interval = params.seconds("interval", 0.0..=MAX_INTERVAL)?;
    let is_poll = wait.is_some() || params.text("after").is_some();
    let grace_period = interval.unwrap_or_default() + MAX_DELAY;
    let poll = PollRequest { read, grace_period };
    match (before, wait) {
        (Some(_), _) if is_poll => Err(Error::invalid(
            "before",
            "is for history and cannot be combined with after or wait",
        )),
        (Some(before), _) => Ok(Box::pin(history(poll.read, before, limit))),
        (None, Some(wait)) => Ok(Box::pin(long_poll::answer(
            long_poll::open(poll)?,
            limit,
            wait,
        ))),
        (None, None) => Ok(Box::pin(short_poll::answer(short_poll::open(poll)?, limit))),
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
async fn history(read: ReadRequest, before: u64, limit: usize) -> Result<Answer, Error> {
    let epoch = read.epoch()?;
    read.wire.meter().set_history(read.history()?);
    let page = read.room.before(before, limit).await?;
    if page.messages() == 0 {
        return Ok(Answer::Response(response::no_content()));
    }
    let account = is_limited(read.client).then_some(read.caller.session.account.id);
    let asker = (&read.state.limits, account);
    let beside = Beside {
        epoch: epoch.as_deref(),
        presence: None,
    };
    let response = page_response(asker, page, read.room.log.head(), beside);
    Ok(Answer::Response(response.await?))
}

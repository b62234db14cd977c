//! Short polling: what is there now, or 204. The client asks again after a pause of its own.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpRequest, HttpResponse};

use super::{Reader, answered};
use crate::{
    chat::Room,
    metrics::Ended,
    web::{Caller, Error, Params},
    wire::Transport,
};

/// How late a poll may be before its client counts as gone.
pub const GRACE: Duration = Duration::from_secs(10);
/// The longest pause between polls that presence allows for.
const LONGEST_INTERVAL: f64 = 3_600.0;

pub async fn answer(
    request: HttpRequest,
    caller: Caller,
    room: Arc<Room>,
    params: Params,
    limit: usize,
) -> Result<HttpResponse, Error> {
    let interval = params.seconds("interval", 0.0..=LONGEST_INTERVAL)?;
    let linger = interval.unwrap_or_default() + GRACE;
    let transport = Transport::ShortPoll;
    let mut reader = Reader::open(&request, caller, room, &params, transport, linger)?;
    match reader.ready(limit).await {
        Ok((messages, presence)) => Ok(answered(&mut reader, &messages, presence.as_deref())),
        Err(error) => {
            reader.end(Ended::Failed);
            Err(error.into())
        }
    }
}

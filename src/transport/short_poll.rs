//! Short polling: what is there now, or 204. The client asks again after a pause of its own.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpRequest, HttpResponse};

use super::{Reader, answered};
use crate::{
    chat::Room,
    web::{Caller, Error, Params},
    wire::Transport,
};

pub async fn answer(
    request: HttpRequest,
    caller: Caller,
    room: Arc<Room>,
    params: Params,
    limit: usize,
    linger: Duration,
) -> Result<HttpResponse, Error> {
    let transport = Transport::ShortPoll;
    let mut reader = Reader::open(&request, caller, room, &params, transport, linger)?;
    let (messages, presence) = reader.ready(limit).await?;
    Ok(answered(&mut reader, &messages, presence.as_deref()))
}

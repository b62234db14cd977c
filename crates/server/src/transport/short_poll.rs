//! Short polling: what is there now, or 204. The client asks again after a pause of its own.

use actix_web::HttpResponse;
use protocol::Transport;

use super::{
    Reader,
    polled::{Poll, answered},
};
use crate::http::Error;

pub async fn answer(poll: Poll) -> Result<HttpResponse, Error> {
    let after = poll.read.after()?;
    let mut reader = Reader::open(poll.read, Transport::ShortPoll, after, poll.grace_period)?;
    let (messages, presence) = reader.ready(poll.limit).await?;
    Ok(answered(&mut reader, &messages, presence.as_deref()))
}

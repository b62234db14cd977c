//! Short polling: responds at once with the available messages, or with 204.

use protocol::Transport;

use super::{
    Reader,
    poll_request::{Answer, PollRequest, respond},
};
use crate::http::Error;

/// Responds to a short poll.
pub async fn poll(poll: PollRequest) -> Result<Answer, Error> {
    let after = poll.read.after()?;
    let mut reader = Reader::open(poll.read, Transport::ShortPoll, after, poll.grace_period)?;
    let (messages, presence) = reader.ready(poll.limit).await?;
    Ok(respond(&mut reader, &messages, presence.as_deref()))
}

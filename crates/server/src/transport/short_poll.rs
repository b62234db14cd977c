//! Short polling: responds at once with the available messages, or with 204.

use protocol::Transport;

use super::{
    Reader,
    poll_request::{Answer, PollRequest, respond},
};
use crate::http::Error;

/// Opens the reader of a short poll.
pub fn open(poll: PollRequest) -> Result<Reader, Error> {
    let after = poll.read.after()?;
    Reader::open(poll.read, Transport::ShortPoll, after, poll.grace_period)
}

/// Answers with what there is.
pub async fn answer(mut reader: Reader, limit: usize) -> Result<Answer, Error> {
    let page = reader.complete(Vec::new(), limit).await?;
    let presence = reader.changed_presence();
    respond(&mut reader, page, presence.as_deref()).await
}

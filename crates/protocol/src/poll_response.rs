//! The body of the response to a poll, short or long.

use serde::{Deserialize, Serialize};

use super::{EncodedMessage, EncodedPresence, Message, Presence};

/// The body of a 200 response to a poll. `messages` is empty only if the request had no cursor or
/// if presence alone has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollResponse {
    pub messages: Vec<Message>,
    /// The newest `seq` of the room. While the last message is below it, a client should send its
    /// next request at once.
    pub head: u64,
    /// Of the history to which the numbers belong, if the client asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
}

/// What a poll is told beside messages and the head, if it asked for it.
#[derive(Clone, Copy, Default)]
pub struct Beside<'a> {
    pub epoch: Option<&'a str>,
    pub presence: Option<&'a EncodedPresence>,
}

/// Encodes a [`PollResponse`] from messages that are already encoded.
pub fn encode_response(messages: &[EncodedMessage], head: u64, beside: Beside<'_>) -> Vec<u8> {
    // The messages may come from the database and be newer than `head`, which was read before them.
    let head = messages.last().map_or(head, |last| head.max(last.seq()));
    let end = response_end(head, beside);
    let message_bytes: usize = messages
        .iter()
        .map(|message| message.json().len() + 1)
        .sum();
    let mut out = Vec::with_capacity(RESPONSE_BEGIN.len() + message_bytes + end.len());
    out.extend_from_slice(RESPONSE_BEGIN);
    for (index, message) in messages.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(message.json());
    }
    out.extend_from_slice(&end);
    out
}

/// What precedes the messages of an encoded [`PollResponse`], which have commas between them.
pub const RESPONSE_BEGIN: &[u8] = b"{\"messages\":[";

/// What follows the messages of an encoded [`PollResponse`].
///
/// The epoch is of letters and digits.
pub fn response_end(head: u64, beside: Beside<'_>) -> Vec<u8> {
    let mut end = format!("],\"head\":{head}").into_bytes();
    if let Some(epoch) = beside.epoch {
        end.extend_from_slice(format!(",\"epoch\":\"{epoch}\"").as_bytes());
    }
    if let Some(presence) = beside.presence {
        end.extend_from_slice(b",\"presence\":");
        end.extend_from_slice(presence.json());
    }
    end.push(b'}');
    end
}

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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
}

/// Encodes a [`PollResponse`] from messages that are already encoded.
pub fn encode_response(
    messages: &[EncodedMessage],
    head: u64,
    presence: Option<&EncodedPresence>,
) -> Vec<u8> {
    let message_bytes: usize = messages
        .iter()
        .map(|message| message.json().len() + 1)
        .sum();
    let presence_bytes = presence.map_or(0, |presence| presence.json().len() + 12);
    let mut out = Vec::with_capacity(message_bytes + presence_bytes + 48);
    out.extend_from_slice(b"{\"messages\":[");
    for (index, message) in messages.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(message.json());
    }
    // The messages may come from the database and be newer than `head`, which was read before them.
    let head = messages.last().map_or(head, |last| head.max(last.seq()));
    out.extend_from_slice(format!("],\"head\":{head}").as_bytes());
    if let Some(presence) = presence {
        out.extend_from_slice(b",\"presence\":");
        out.extend_from_slice(presence.json());
    }
    out.push(b'}');
    out
}

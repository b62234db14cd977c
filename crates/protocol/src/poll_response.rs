//! The answer to a poll, short or long.

use serde::{Deserialize, Serialize};

use super::{EncodedMessage, EncodedPresence, Message, Presence};

/// What a poll is told; empty `messages` only where there was no cursor, or for presence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollResponse {
    pub messages: Vec<Message>,
    /// The newest `seq` of the room: ask again at once while the last message is below it.
    pub head: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
}

/// Writes an [`PollResponse`] around messages that are encoded already.
pub fn encode_response(
    messages: &[EncodedMessage],
    head: u64,
    presence: Option<&EncodedPresence>,
) -> Vec<u8> {
    let bodies: usize = messages
        .iter()
        .map(|message| message.json().len() + 1)
        .sum();
    let extra = presence.map_or(0, |presence| presence.json().len() + 12);
    let mut out = Vec::with_capacity(bodies + extra + 48);
    out.extend_from_slice(b"{\"messages\":[");
    for (place, message) in messages.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        out.extend_from_slice(message.json());
    }
    // A page from the database may be ahead of the head that was read before it.
    let head = messages.last().map_or(head, |last| head.max(last.seq()));
    out.extend_from_slice(format!("],\"head\":{head}").as_bytes());
    if let Some(presence) = presence {
        out.extend_from_slice(b",\"presence\":");
        out.extend_from_slice(presence.json());
    }
    out.push(b'}');
    out
}

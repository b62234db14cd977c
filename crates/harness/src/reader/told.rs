//! What a reader is told by the source of its transport.

use protocol::{Message, Presence};

/// A message's bytes as they stood on the wire, and what they say.
#[derive(Clone, Debug)]
pub struct Raw {
    pub json: String,
    pub message: Message,
}

pub(super) enum Told {
    Message(Box<Raw>),
    Head(u64),
    Presence(Presence),
    /// The stream ended, or a poll got this status; there is nothing more.
    Ended(Option<u16>),
}

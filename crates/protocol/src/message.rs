//! A chat message as every transport carries it.

use serde::{Deserialize, Serialize};

/// One message of a room. The order of the fields is the order on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its number in the room's log: 1, 2, 3 and so on, without a gap.
    pub seq: u64,
    pub room: String,
    /// The author's username.
    pub author: String,
    /// The author's display name when the message was accepted.
    pub display_name: String,
    pub body: String,
    /// The idempotency key that the sender chose, if any.
    pub key: Option<String>,
    /// When the server accepted it: RFC 3339, UTC, microseconds.
    pub sent_at: String,
}

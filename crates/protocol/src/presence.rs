//! Who is in a room.

use serde::{Deserialize, Serialize};

use super::Transport;

/// The presence document of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// Changes whenever the rest changes. Never 0, so that a client without a document can send 0.
    pub version: u64,
    /// How many accounts are present, including those that `here` leaves out.
    pub count: usize,
    /// The first 100 of them, sorted by username.
    pub here: Vec<Person>,
}

/// An account that is present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub username: String,
    pub display_name: String,
    /// In the order of [`Transport::ALL`]; each once, even if several tabs use it.
    pub transports: Vec<Transport>,
    pub typing: bool,
}

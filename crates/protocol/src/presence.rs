//! Who is here.

use serde::{Deserialize, Serialize};

use super::Transport;

/// The presence document of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// Differs whenever the rest differs; never 0, so that 0 asks for it.
    pub version: u64,
    /// How many people are here, the unnamed ones included.
    pub count: usize,
    /// The first 100 of them, by username.
    pub here: Vec<Person>,
}

/// Somebody who is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub username: String,
    pub display_name: String,
    /// In the order of [`Transport::ALL`], each once however many tabs use it.
    pub transports: Vec<Transport>,
    pub typing: bool,
}

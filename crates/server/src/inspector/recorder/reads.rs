//! What a reader reads, and for whom.

use std::sync::Arc;

use protocol::Transport;

/// What an exchange reads, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reads {
    pub room: Arc<str>,
    /// What its client calls itself, to be told from others of the session.
    pub tab: Option<Arc<str>>,
    pub transport: Transport,
}

impl Reads {
    pub(super) fn is_socket(&self) -> bool {
        self.transport.carries_both_ways()
    }
}

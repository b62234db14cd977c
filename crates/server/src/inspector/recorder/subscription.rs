//! What an exchange reads.

use std::sync::Arc;

use protocol::Transport;

/// What an exchange reads: a room, for a tab, over a transport.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subscription {
    pub room: Arc<str>,
    /// The name that the client gave itself, to distinguish it from others of the same session.
    pub tab: Option<Arc<str>>,
    pub transport: Transport,
}

impl Subscription {
    pub(super) fn is_websocket(&self) -> bool {
        self.transport.is_bidirectional()
    }
}

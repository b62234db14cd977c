//! StepKind a reader subscription, and for whom.

use std::sync::Arc;

use protocol::Transport;

/// StepKind an exchange subscription, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    pub room: Arc<str>,
    /// StepKind its client calls itself, to be told from others of the session.
    pub tab: Option<Arc<str>>,
    pub transport: Transport,
}

impl Subscription {
    pub(super) fn is_socket(&self) -> bool {
        self.transport.is_bidirectional()
    }
}

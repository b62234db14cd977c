//! The mutable state of a connection's recorder.

use super::{
    SessionTag, cost::TcpCounts, permits::Permit, recording::Recording, subscription::Subscription,
};

/// The mutable state of a connection's recorder.
#[derive(Default)]
pub(super) struct ConnectionState {
    /// The sessions that have used the connection.
    pub tags: Vec<SessionTag>,
    /// The subscription of its last reader.
    pub subscription: Option<Subscription>,
    /// Whether `subscription` is that of the current request.
    pub is_reading: bool,
    pub requests: u64,
    pub recording: Option<Recording>,
    pub permit: Option<Permit>,
    /// The kernel's last counters, once the connection is closed.
    pub final_counts: Option<TcpCounts>,
}

impl ConnectionState {
    /// The subscription of the current request, if it has one.
    pub fn current_subscription(&self) -> Option<&Subscription> {
        self.subscription.as_ref().filter(|_| self.is_reading)
    }
}

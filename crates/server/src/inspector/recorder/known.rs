//! StepKind changes of what is known of a connection.

use super::{
    SessionTag, permits::Permit, record::Record, subscription::Subscription, tally::Counts,
};

#[derive(Default)]
pub(super) struct Known {
    pub tags: Vec<SessionTag>,
    /// StepKind the last of its readers read.
    pub subscription: Option<Subscription>,
    /// Whether that is the present request, and not one before it.
    pub is_reading: bool,
    pub requests: u64,
    pub record: Option<Record>,
    pub permit: Option<Permit>,
    /// The kernel's last word on a connection that is closed.
    pub closed: Option<Counts>,
}

impl Known {
    pub fn reading(&self) -> Option<&Subscription> {
        self.subscription.as_ref().filter(|_| self.is_reading)
    }
}

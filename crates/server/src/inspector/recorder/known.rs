//! What changes of what is known of a connection.

use super::{Owner, leaves::Leave, reads::Reads, record::Record, tally::Counts};

#[derive(Default)]
pub(super) struct Known {
    pub owners: Vec<Owner>,
    /// What the last of its readers read.
    pub reads: Option<Reads>,
    /// Whether that is the present request, and not one before it.
    pub is_reading: bool,
    pub requests: u64,
    pub record: Option<Record>,
    pub leave: Option<Leave>,
    /// The kernel's last word on a connection that is closed.
    pub closed: Option<Counts>,
}

impl Known {
    pub fn reading(&self) -> Option<&Reads> {
        self.reads.as_ref().filter(|_| self.is_reading)
    }
}

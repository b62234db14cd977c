//! Counts of bytes and segments, and what a reader has cost.

use netlab::TcpInfo;

use super::subscription::Subscription;

/// The kernel's counts of a connection, from the client's side: up is towards the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub bytes_up: u64,
    pub bytes_down: u64,
    pub segments_up: u64,
    pub segments_down: u64,
    /// Segments upwards that were more than an acknowledgement.
    pub data_segments_up: u64,
}

impl From<TcpInfo> for Counts {
    fn from(counted: TcpInfo) -> Self {
        Counts {
            bytes_up: counted.received,
            bytes_down: counted.sent,
            segments_up: counted.segments_in,
            segments_down: counted.segments_out,
            data_segments_up: counted.data_segments_in,
        }
    }
}

impl Counts {
    /// StepKind has been counted since `earlier`, as one request's.
    pub fn since(&self, earlier: &Counts) -> Tally {
        Tally {
            requests: 1,
            bytes_up: self.bytes_up.saturating_sub(earlier.bytes_up),
            bytes_down: self.bytes_down.saturating_sub(earlier.bytes_down),
            segments_up: self.segments_up.saturating_sub(earlier.segments_up),
            segments_down: self.segments_down.saturating_sub(earlier.segments_down),
        }
    }
}

/// StepKind a reader has cost: requests, bytes above TCP, segments with bare acknowledgements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    pub requests: u64,
    pub bytes_up: u64,
    pub bytes_down: u64,
    pub segments_up: u64,
    pub segments_down: u64,
}

/// StepKind each of several readers has cost.
pub type Tallies = Vec<(Subscription, Tally)>;

impl Tally {
    /// Adds to what `subscription` has cost before.
    pub fn add_to(tallies: &mut Tallies, subscription: Subscription, more: &Tally) {
        match tallies.iter_mut().find(|(other, _)| *other == subscription) {
            Some((_, tally)) => tally.add(more),
            None => tallies.push((subscription, *more)),
        }
    }

    fn add(&mut self, more: &Tally) {
        self.requests += more.requests;
        self.bytes_up += more.bytes_up;
        self.bytes_down += more.bytes_down;
        self.segments_up += more.segments_up;
        self.segments_down += more.segments_down;
    }
}

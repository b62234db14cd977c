//! The bytes and segments of a connection, and what a reader has cost.

use netlab::TcpInfo;

/// The kernel's counters of a connection from the client's side: up is towards the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpCounts {
    pub bytes_up: u64,
    pub bytes_down: u64,
    pub segments_up: u64,
    pub segments_down: u64,
    /// The segments up with data, not only an acknowledgement.
    pub data_segments_up: u64,
}

impl From<TcpInfo> for TcpCounts {
    fn from(info: TcpInfo) -> Self {
        TcpCounts {
            bytes_up: info.received,
            bytes_down: info.sent,
            segments_up: info.segments_in,
            segments_down: info.segments_out,
            data_segments_up: info.data_segments_in,
        }
    }
}

impl TcpCounts {
    /// The difference to `earlier`, as the cost of one request.
    pub fn since(&self, earlier: &TcpCounts) -> ReaderCost {
        ReaderCost {
            requests: 1,
            bytes_up: self.bytes_up.saturating_sub(earlier.bytes_up),
            bytes_down: self.bytes_down.saturating_sub(earlier.bytes_down),
            segments_up: self.segments_up.saturating_sub(earlier.segments_up),
            segments_down: self.segments_down.saturating_sub(earlier.segments_down),
            ..ReaderCost::default()
        }
    }
}

/// What a reader has cost: requests, bytes above TCP, and segments including bare acknowledgements; and how many
/// of the bytes were presence: its documents down, reports of typing up, as far as they could be decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ReaderCost {
    pub requests: u64,
    pub bytes_up: u64,
    pub bytes_down: u64,
    pub segments_up: u64,
    pub segments_down: u64,
    pub presence_bytes_up: u64,
    pub presence_bytes_down: u64,
}

impl ReaderCost {
    pub(super) fn add(&mut self, more: &ReaderCost) {
        self.requests += more.requests;
        self.bytes_up += more.bytes_up;
        self.bytes_down += more.bytes_down;
        self.segments_up += more.segments_up;
        self.segments_down += more.segments_down;
        self.presence_bytes_up += more.presence_bytes_up;
        self.presence_bytes_down += more.presence_bytes_down;
    }
}

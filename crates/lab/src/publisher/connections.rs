//! The publisher's connections, which its two halves share.

use std::{net::TcpStream, sync::Arc};

use parking_lot::Mutex;

/// Idle connections with the instant since when, the most recently used last.
pub(super) type Idle = Arc<Mutex<Vec<(usize, u64)>>>;

/// A new connection, sent to the half that reads the responses.
pub(super) struct OpenedConnection {
    pub stream: TcpStream,
    pub number: usize,
}

//! The publisher's connections, as its halves pass them to each other.

use std::{net::TcpStream, sync::Arc};

use parking_lot::Mutex;

/// Connections that wait for a message, the last used last; each with the instant since when.
pub(super) type Idle = Arc<Mutex<Vec<(usize, u64)>>>;

/// A connection on its way to whoever reads its answers; its number.
pub(super) struct Opened {
    pub stream: TcpStream,
    pub number: usize,
}

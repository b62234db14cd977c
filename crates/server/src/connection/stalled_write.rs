//! Detects a peer that accepts no bytes.

use std::{io, pin::Pin, time::Duration};

use netlab::{limit_silence, send_queue_bytes};
use tokio::{
    net::TcpStream,
    time::{Instant, Sleep},
};

/// How long a peer may accept no byte while some are due.
#[derive(Clone, Copy, Debug)]
pub struct SlowPeerTimeouts {
    /// After this long it counts as slow, and its reader is notified.
    pub slow_after: Duration,
    /// This long after that, the connection is dropped.
    pub drop_after: Duration,
}

/// How much longer than a slow peer one may be silent that acknowledges nothing at all.
const VANISHED_AFTER: Duration = Duration::from_secs(10);

impl SlowPeerTimeouts {
    /// Lets the kernel drop a peer that has vanished without a word, while nothing waits to be written.
    pub fn limit_silence(&self, io: &TcpStream) -> io::Result<()> {
        limit_silence(io, self.slow_after + self.drop_after + VANISHED_AFTER)
    }
}

/// A write for which the kernel has no room.
pub struct StalledWrite {
    pub timer: Pin<Box<Sleep>>,
    /// When the peer was last seen to accept a byte.
    last_progress: Instant,
    /// How many bytes were in the send queue then. The queue may be too full for another write
    /// although the peer accepts a few bytes at a time; this shows that it does.
    queued: Option<u64>,
}

/// How often a stalled connection is checked within the timeout.
pub const CHECKS_PER_TIMEOUT: u32 = 10;

impl StalledWrite {
    pub fn new(io: &TcpStream, timeouts: SlowPeerTimeouts) -> Self {
        StalledWrite {
            timer: Box::pin(tokio::time::sleep(timeouts.slow_after / CHECKS_PER_TIMEOUT)),
            last_progress: Instant::now(),
            queued: send_queue_bytes(io),
        }
    }

    /// Checks whether the peer has accepted anything since the last check. Returns for how long it
    /// has accepted nothing.
    pub fn time_since_progress(&mut self, io: &TcpStream) -> Duration {
        let queued = send_queue_bytes(io);
        if queued != self.queued {
            self.queued = queued;
            self.last_progress = Instant::now();
        }
        self.last_progress.elapsed()
    }
}

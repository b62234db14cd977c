//! A peer that accepts no byte, and the patience with it.

use std::{pin::Pin, time::Duration};

use netlab::send_queue_bytes;
use tokio::{
    net::TcpStream,
    time::{Instant, Sleep},
};

/// How long a peer may accept no byte while some are due.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// After this long it is slow, and what serves it is told.
    pub slow: Duration,
    /// This long after that, the connection fails.
    pub drop: Duration,
}

/// A write that there is no room for.
pub struct Stall {
    pub timer: Pin<Box<Sleep>>,
    /// When the peer was last known to accept a byte, and what the kernel still held for it then.
    /// There may be room for no more although the peer accepts what is held, a little at a time.
    accepted: Instant,
    held: Option<u64>,
}

/// How often a stalled connection is looked at, in parts of the patience with it.
pub const LOOKS: u32 = 10;

impl Stall {
    pub fn new(io: &TcpStream, patience: Patience) -> Self {
        Stall {
            timer: Box::pin(tokio::time::sleep(patience.slow / LOOKS)),
            accepted: Instant::now(),
            held: send_queue_bytes(io),
        }
    }

    /// Viewers whether the peer has accepted anything since the last look, and at the clock.
    pub fn look(&mut self, io: &TcpStream) -> Duration {
        let held = send_queue_bytes(io);
        if held != self.held {
            self.held = held;
            self.accepted = Instant::now();
        }
        self.accepted.elapsed()
    }
}

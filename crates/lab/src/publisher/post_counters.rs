//! Counters that both halves of the publisher share.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use analysis::results::UpDown;

/// The bytes of the publisher's connections, and how many posts were accepted or refused.
#[derive(Default)]
pub struct PostCounters {
    pub(super) up: AtomicU64,
    pub(super) down: AtomicU64,
    pub(super) sent: AtomicU64,
    pub(super) accepted: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) stop: AtomicBool,
    pub(super) finished: AtomicBool,
}

impl PostCounters {
    pub fn bytes(&self) -> UpDown {
        UpDown {
            up: self.up.load(Ordering::Relaxed),
            down: self.down.load(Ordering::Relaxed),
        }
    }

    /// The number of accepted messages, once the schedule has ended and every post has a response.
    pub fn final_accepted(&self) -> Option<u64> {
        let finished = self.finished.load(Ordering::Acquire);
        let accepted = self.accepted.load(Ordering::Relaxed);
        let responses = accepted + self.refused();
        (finished && responses == self.sent.load(Ordering::Relaxed)).then_some(accepted)
    }

    /// The number of posts whose response was not 201.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Ends the schedule now: messages that are not yet due are not sent.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

//! What both halves of the publisher count.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use analysis::results::UpDown;

/// What crossed the publisher's connections, and what went wrong on them. Shared by both threads.
#[derive(Default)]
pub struct Posted {
    pub(super) up: AtomicU64,
    pub(super) down: AtomicU64,
    pub(super) sent: AtomicU64,
    pub(super) accepted: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) stop: AtomicBool,
    pub(super) finished: AtomicBool,
}

impl Posted {
    pub fn bytes(&self) -> UpDown {
        UpDown {
            up: self.up.load(Ordering::Relaxed),
            down: self.down.load(Ordering::Relaxed),
        }
    }

    /// How many messages the server has accepted, once nothing is due any more and every post is
    /// answered.
    pub fn accepted_in_the_end(&self) -> Option<u64> {
        let finished = self.finished.load(Ordering::Acquire);
        let accepted = self.accepted.load(Ordering::Relaxed);
        let answered = accepted + self.refused();
        (finished && answered == self.sent.load(Ordering::Relaxed)).then_some(accepted)
    }

    /// How many it has answered with anything but 201.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Ends the schedule here: what is not due yet will not be.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

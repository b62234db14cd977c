//! Counters that both halves of the publisher share.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use analysis::results::UpDown;

/// The bytes of the publisher's connections, and how many posts were accepted or refused.
#[derive(Default)]
pub struct PostCounters {
    pub(super) up: AtomicU64,
    pub(super) down: AtomicU64,
    /// Scheduled messages that have neither a response nor been given up.
    pub(super) pending: AtomicU64,
    pub(super) accepted: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) overloaded: AtomicBool,
}

impl PostCounters {
    pub fn bytes(&self) -> UpDown {
        UpDown {
            up: self.up.load(Ordering::Relaxed),
            down: self.down.load(Ordering::Relaxed),
        }
    }

    /// The number of accepted messages, once every scheduled post has a response or was given up.
    pub fn settled(&self) -> Option<u64> {
        let is_settled = self.pending.load(Ordering::Acquire) == 0;
        is_settled.then(|| self.accepted.load(Ordering::Relaxed))
    }

    /// The number of posts whose response was not 201.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Whether a schedule was given up because the server left too many posts without a response.
    pub fn is_overloaded(&self) -> bool {
        self.overloaded.load(Ordering::Relaxed)
    }

    /// Forgets that a schedule was given up, before the next one begins.
    pub fn forget_overload(&self) {
        self.overloaded.store(false, Ordering::Relaxed);
    }
}

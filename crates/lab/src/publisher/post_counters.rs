//! Counters that both halves of the publisher share.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

use analysis::{results::UpDown, samples::Samples};
use parking_lot::Mutex;

use crate::receivers::Span;

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
    /// When each connection, by its number, sent the post whose response it waits for.
    sent_at: Mutex<HashMap<usize, u64>>,
    /// When each post was sent, and how long its response took, in nanoseconds.
    responses: Mutex<Vec<(u64, u64)>>,
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

    /// A connection sends a post now, in nanoseconds of the monotonic clock.
    pub(super) fn sent(&self, connection: usize, now: u64) {
        self.sent_at.lock().insert(connection, now);
    }

    /// The response to the post of a connection arrived at this instant.
    pub(super) fn responded(&self, connection: usize, at: u64) {
        if let Some(sent) = self.sent_at.lock().remove(&connection) {
            self.responses.lock().push((sent, at.saturating_sub(sent)));
        }
    }

    /// From sending each post of a span to its response, in microseconds.
    pub fn response_us(&self, span: Span) -> Samples {
        let mut samples = Samples::new();
        let responses = self.responses.lock();
        let of_span = responses.iter().filter(|(sent, _)| span.contains(*sent));
        of_span.for_each(|(_, took)| samples.record(took / 1_000));
        samples
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

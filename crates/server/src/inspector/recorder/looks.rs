//! Who looks at connections, until when, and how many may be recorded for them.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use parking_lot::Mutex;

use super::{
    Owner,
    leaves::{Leave, Leaves},
};

/// Who has asked looks for so long.
const LOOKS_FOR: Duration = Duration::from_secs(120);

pub(super) struct Looks {
    started: Instant,
    /// When the last one stops looking, in milliseconds since `started`.
    until_ms: AtomicU64,
    until: Mutex<HashMap<Owner, Instant>>,
    leaves: Leaves,
}

impl Default for Looks {
    fn default() -> Self {
        Looks {
            started: Instant::now(),
            until_ms: AtomicU64::new(0),
            until: Mutex::default(),
            leaves: Leaves::default(),
        }
    }
}

impl Looks {
    /// These look, until the time that is answered.
    pub fn begin(&self, owners: &[Owner]) -> Instant {
        let until = Instant::now() + LOOKS_FOR;
        self.look(owners, until);
        until
    }

    pub fn look(&self, owners: &[Owner], until: Instant) {
        let each = owners.iter().map(|owner| (*owner, until));
        self.until.lock().extend(each);
        let ms = (until - self.started).as_millis() as u64;
        self.until_ms.fetch_max(ms, Ordering::Relaxed);
    }

    /// Those who still look at `now`; the others are forgotten.
    pub fn owners(&self, now: Instant) -> Vec<Owner> {
        let mut all = self.until.lock();
        all.retain(|_, until| *until > now);
        all.keys().copied().collect()
    }

    /// Until when anybody looks, if anybody does.
    pub fn anybody(&self) -> Option<Instant> {
        let until = self.until_ms.load(Ordering::Relaxed);
        if until == 0 {
            return None;
        }
        let until = self.started + Duration::from_millis(until);
        (until > Instant::now()).then_some(until)
    }

    /// Until when one of these looks, if one does.
    pub fn until(&self, owners: &[Owner]) -> Option<Instant> {
        let all = self.until.lock();
        let until = owners.iter().filter_map(|owner| all.get(owner));
        until.max().copied().filter(|until| *until > Instant::now())
    }

    /// Leave to record one more connection.
    pub fn leave(&self) -> Option<Leave> {
        self.leaves.take()
    }

    #[cfg(test)]
    pub fn recorded(&self) -> usize {
        self.leaves.taken()
    }
}

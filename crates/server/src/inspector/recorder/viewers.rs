//! The sessions that view their connections, until when, and the permits for recording.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use parking_lot::Mutex;

use super::{
    SessionTag,
    permits::{Permit, Permits},
};

/// How long a session counts as viewing after its last request for the connections.
const VIEWING_PERIOD: Duration = Duration::from_mins(2);

/// The sessions that view their connections at present.
pub(super) struct Viewers {
    started: Instant,
    /// When the last viewing period ends, in milliseconds since `started`.
    until_ms: AtomicU64,
    until: Mutex<HashMap<SessionTag, Instant>>,
    permits: Permits,
}

impl Default for Viewers {
    fn default() -> Self {
        Viewers {
            started: Instant::now(),
            until_ms: AtomicU64::new(0),
            until: Mutex::default(),
            permits: Permits::default(),
        }
    }
}

impl Viewers {
    /// Starts or extends the viewing period of these sessions. Returns when it ends.
    pub fn begin(&self, tags: &[SessionTag]) -> Instant {
        let until = Instant::now() + VIEWING_PERIOD;
        self.extend(tags, until);
        until
    }

    pub fn extend(&self, tags: &[SessionTag], until: Instant) {
        let each = tags.iter().map(|tag| (*tag, until));
        self.until.lock().extend(each);
        let ms = (until - self.started).as_millis() as u64;
        self.until_ms.fetch_max(ms, Ordering::Relaxed);
    }

    /// The sessions that are viewing at `now`. Removes the others.
    pub fn active(&self, now: Instant) -> Vec<SessionTag> {
        let mut all = self.until.lock();
        all.retain(|_, until| *until > now);
        all.keys().copied().collect()
    }

    /// Until when any session is viewing; `None` if none is.
    pub fn any_until(&self) -> Option<Instant> {
        let until = self.until_ms.load(Ordering::Relaxed);
        if until == 0 {
            return None;
        }
        let until = self.started + Duration::from_millis(until);
        (until > Instant::now()).then_some(until)
    }

    /// Until when one of these sessions is viewing; `None` if none is.
    pub fn until(&self, tags: &[SessionTag]) -> Option<Instant> {
        let all = self.until.lock();
        let until = tags.iter().filter_map(|tag| all.get(tag));
        until.max().copied().filter(|until| *until > Instant::now())
    }

    /// Takes a permit to record one more connection, if one is left.
    pub fn take_permit(&self) -> Option<Permit> {
        self.permits.take()
    }

    pub fn records_any(&self) -> bool {
        self.permits.taken() > 0
    }

    #[cfg(test)]
    pub fn permits_taken(&self) -> usize {
        self.permits.taken()
    }
}

//! Who looks at connections, until when, and how many may be recorded for them.

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

/// Who has asked looks for so long.
const VIEWS_FOR: Duration = Duration::from_secs(120);

pub(super) struct Viewers {
    started: Instant,
    /// When the last one stops looking, in milliseconds since `started`.
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
    /// These look, until the time that is answered.
    pub fn begin(&self, tags: &[SessionTag]) -> Instant {
        let until = Instant::now() + VIEWS_FOR;
        self.look(tags, until);
        until
    }

    pub fn look(&self, tags: &[SessionTag], until: Instant) {
        let each = tags.iter().map(|tag| (*tag, until));
        self.until.lock().extend(each);
        let ms = (until - self.started).as_millis() as u64;
        self.until_ms.fetch_max(ms, Ordering::Relaxed);
    }

    /// Those who still look at `now`; the others are forgotten.
    pub fn tags(&self, now: Instant) -> Vec<SessionTag> {
        let mut all = self.until.lock();
        all.retain(|_, until| *until > now);
        all.keys().copied().collect()
    }

    /// Until when anybody viewers, if anybody does.
    pub fn anybody(&self) -> Option<Instant> {
        let until = self.until_ms.load(Ordering::Relaxed);
        if until == 0 {
            return None;
        }
        let until = self.started + Duration::from_millis(until);
        (until > Instant::now()).then_some(until)
    }

    /// Until when one of these viewers, if one does.
    pub fn until(&self, tags: &[SessionTag]) -> Option<Instant> {
        let all = self.until.lock();
        let until = tags.iter().filter_map(|tag| all.get(tag));
        until.max().copied().filter(|until| *until > Instant::now())
    }

    /// Permit to record one more connection.
    pub fn permit(&self) -> Option<Permit> {
        self.permits.take()
    }

    #[cfg(test)]
    pub fn recorded(&self) -> usize {
        self.permits.taken()
    }
}

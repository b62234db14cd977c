//! Limits how often something may happen, for each of many keys.

use std::{
    collections::HashMap,
    hash::Hash,
    time::{Duration, Instant},
};

use parking_lot::Mutex;

/// With more keys than this, those that may have a whole burst again are removed, and then whenever there
/// are twice as many.
const MAX_KEYS: usize = 10_000;

/// Allows a burst at once for each key, and one more in each interval (the generic cell rate algorithm
/// of ATM). Rate-limit libraries have no refund.
pub struct RateLimit<K> {
    interval: Duration,
    burst: u32,
    keys: Mutex<Keys<K>>,
}

struct Keys<K> {
    /// When each key has its whole burst again.
    replenished_at: HashMap<K, Instant>,
    /// With so many it is looked which may be removed.
    look_at: usize,
}

impl<K: Hash + Eq> RateLimit<K> {
    pub fn new(burst: u32, interval: Duration) -> Self {
        RateLimit {
            interval,
            burst,
            keys: Mutex::new(Keys {
                replenished_at: HashMap::new(),
                look_at: MAX_KEYS,
            }),
        }
    }

    /// Counts one.
    ///
    /// # Errors
    /// How long to wait until one more is allowed.
    pub fn take(&self, key: K) -> Result<(), Duration> {
        let now = Instant::now();
        let mut keys = self.keys.lock();
        if keys.replenished_at.len() >= keys.look_at {
            keys.replenished_at
                .retain(|_, replenished| *replenished > now);
            keys.look_at = MAX_KEYS.max(2 * keys.replenished_at.len());
        }
        let replenished = keys.replenished_at.entry(key).or_insert(now);
        let next = (*replenished).max(now) + self.interval;
        let allowed = now + self.interval * self.burst;
        if next > allowed {
            return Err(next - allowed);
        }
        *replenished = next;
        Ok(())
    }

    /// Takes one off the count.
    pub fn refund(&self, key: &K) {
        if let Some(replenished) = self.keys.lock().replenished_at.get_mut(key) {
            *replenished -= self.interval;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_to_each_key_and_then_one_an_interval() {
        let interval = Duration::from_mins(1);
        let limit = RateLimit::new(3, interval);
        for _ in 0..3 {
            assert!(limit.take("a").is_ok());
        }
        let wait = limit.take("a").unwrap_err();
        assert!(wait > Duration::ZERO && wait <= interval);
        assert!(limit.take("b").is_ok());
        limit.refund(&"a");
        assert!(limit.take("a").is_ok() && limit.take("a").is_err());
    }

    #[test]
    fn one_an_interval_is_allowed_for_ever() {
        let limit = RateLimit::new(1, Duration::from_nanos(1));
        for _ in 0..1_000 {
            while limit.take(()).is_err() {}
        }
    }
}

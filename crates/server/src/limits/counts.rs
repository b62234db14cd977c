//! How many of something each key has now.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use parking_lot::Mutex;

/// Counts for each key, up to a limit.
pub struct Counts<K> {
    most: u32,
    taken: Mutex<HashMap<K, u32>>,
}

/// One that is counted until it is dropped.
pub struct Counted<K: Hash + Eq> {
    counts: Arc<Counts<K>>,
    key: K,
}

impl<K: Hash + Eq + Clone> Counts<K> {
    pub fn new(most: u32) -> Arc<Self> {
        Arc::new(Counts {
            most,
            taken: Mutex::default(),
        })
    }

    /// Counts one more; `None` if there are as many as there may be.
    pub fn enter(self: &Arc<Self>, key: K) -> Option<Counted<K>> {
        let mut taken = self.taken.lock();
        let count = taken.entry(key.clone()).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        drop(taken);
        Some(Counted {
            counts: self.clone(),
            key,
        })
    }
}

impl<K: Hash + Eq> Drop for Counted<K> {
    fn drop(&mut self) {
        let mut taken = self.counts.taken.lock();
        if let Some(count) = taken.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_limit_and_gives_back_what_it_took() {
        let counts = Counts::new(2);
        let held: Vec<_> = (0..2).filter_map(|_| counts.enter("a")).collect();
        assert!(held.len() == 2 && counts.enter("a").is_none());
        assert!(counts.enter("b").is_some());
        drop(held);
        assert!(counts.taken.lock().is_empty());
        assert!(counts.enter("a").is_some());
    }
}

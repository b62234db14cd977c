//! Permit to record a connection, of which there is only so much.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// So many connections are recorded at once, whoever viewers: that bounds what it takes in memory.
const MOST_RECORDED: usize = 1_000;

/// Counts those that are taken.
#[derive(Default)]
pub(super) struct Permits(Arc<AtomicUsize>);

impl Permits {
    /// Permit to record one more connection.
    pub fn take(&self) -> Option<Permit> {
        let one_more = |recorded| (recorded < MOST_RECORDED).then_some(recorded + 1);
        let taken = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        taken.is_ok().then(|| Permit(self.0.clone()))
    }

    #[cfg(test)]
    pub fn taken(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Given back when dropped.
pub(super) struct Permit(Arc<AtomicUsize>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_connections_are_recorded_than_there_is_memory_for() {
        let all = Permits::default();
        let mut permits: Vec<_> = (0..MOST_RECORDED).filter_map(|_| all.take()).collect();
        assert_eq!(permits.len(), MOST_RECORDED);
        assert!(all.take().is_none());
        permits.pop();
        assert!(all.take().is_some());
    }
}

//! Leave to record a connection, of which there is only so much.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// So many connections are recorded at once, whoever looks: that bounds what it takes in memory.
const MOST_RECORDED: usize = 1_000;

/// Counts those that are taken.
#[derive(Default)]
pub(super) struct Leaves(Arc<AtomicUsize>);

impl Leaves {
    /// Leave to record one more connection.
    pub fn take(&self) -> Option<Leave> {
        let one_more = |recorded| (recorded < MOST_RECORDED).then_some(recorded + 1);
        let taken = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        taken.is_ok().then(|| Leave(self.0.clone()))
    }

    #[cfg(test)]
    pub fn taken(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Given back when dropped.
pub(super) struct Leave(Arc<AtomicUsize>);

impl Drop for Leave {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_connections_are_recorded_than_there_is_memory_for() {
        let all = Leaves::default();
        let mut leaves: Vec<_> = (0..MOST_RECORDED).filter_map(|_| all.take()).collect();
        assert_eq!(leaves.len(), MOST_RECORDED);
        assert!(all.take().is_none());
        leaves.pop();
        assert!(all.take().is_some());
    }
}

//! Permits to record a connection, of which there is a limited number.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// The most connections that are recorded at once. This bounds the memory of all recordings.
const MAX_RECORDED: usize = 1_000;

/// Counts the permits that are taken.
#[derive(Default)]
pub(super) struct Permits(Arc<AtomicUsize>);

impl Permits {
    /// Takes a permit, if one is left.
    pub fn take(&self) -> Option<Permit> {
        let one_more = |recorded| (recorded < MAX_RECORDED).then_some(recorded + 1);
        let taken = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        taken.is_ok().then(|| Permit(self.0.clone()))
    }

    pub fn taken(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// A permit to record one connection, returned when dropped.
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
    fn the_number_of_permits_is_limited() {
        let all = Permits::default();
        let mut permits: Vec<_> = (0..MAX_RECORDED).filter_map(|_| all.take()).collect();
        assert_eq!(permits.len(), MAX_RECORDED);
        assert!(all.take().is_none());
        permits.pop();
        assert!(all.take().is_some());
    }
}

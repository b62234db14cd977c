//! Recorders of closed connections, which are kept for a while for the sessions that view them.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{SessionTag, connection_recorder::ConnectionRecorder, reader_costs::ReaderCosts};

/// How long closed connections are kept, and how many.
pub(super) const KEPT_FOR: Duration = Duration::from_mins(5);
const MAX_CLOSED: usize = 512;

/// Recorders of closed connections, and the costs of those that were dropped.
#[derive(Default)]
pub(super) struct ClosedConnections {
    pub recorders: VecDeque<(Instant, Arc<ConnectionRecorder>)>,
    /// The costs of closed connections that are no longer kept, by the sessions that used them.
    pub expired_costs: Vec<(Vec<SessionTag>, ReaderCosts)>,
}

impl ClosedConnections {
    /// Those that no other session has used.
    pub fn used_only_by<'a>(
        &'a self,
        tags: &'a [SessionTag],
    ) -> impl Iterator<Item = &'a Arc<ConnectionRecorder>> {
        let closed = self.recorders.iter().map(|(_, recorder)| recorder);
        closed.filter(|recorder| recorder.is_used_only_by(tags))
    }

    /// The costs of those that are no longer kept and that no other session has used.
    pub fn expired_costs_of(&self, tags: &[SessionTag]) -> ReaderCosts {
        let mut total = ReaderCosts::default();
        for (used_by, costs) in &self.expired_costs {
            if used_by.iter().all(|tag| tags.contains(tag)) {
                total.add_all(costs);
            }
        }
        total
    }

    /// Drops the recorders that are too old or too many. Their costs are kept while one of the
    /// sessions in `viewing` may request them.
    pub fn expire(&mut self, now: Instant, viewing: &[SessionTag]) {
        while let Some((since, recorder)) = self.recorders.front() {
            if now - *since < KEPT_FOR && self.recorders.len() <= MAX_CLOSED {
                break;
            }
            let tags = recorder.state.lock().tags.clone();
            self.expired_costs.push((tags, recorder.costs()));
            self.recorders.pop_front();
        }
        self.expired_costs
            .retain(|(tags, _)| tags.iter().any(|tag| viewing.contains(tag)));
        self.merge();
    }

    /// Combines the entries with the same tags.
    fn merge(&mut self) {
        let mut merged: Vec<(Vec<SessionTag>, ReaderCosts)> = Vec::new();
        for (tags, costs) in self.expired_costs.drain(..) {
            match merged.iter_mut().find(|(other, _)| *other == tags) {
                Some((_, sums)) => sums.add_all(&costs),
                None => merged.push((tags, costs)),
            }
        }
        self.expired_costs = merged;
    }
}

//! Recorders of closed connections, which are kept for a while for the sessions that view them.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    SessionTag,
    connection_recorder::ConnectionRecorder,
    cost::{ReaderCost, ReaderCosts},
};

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
                Some((_, sums)) => {
                    for (subscription, cost) in costs {
                        ReaderCost::add_to(sums, subscription, &cost);
                    }
                }
                None => merged.push((tags, costs)),
            }
        }
        self.expired_costs = merged;
    }
}

//! StepKind is remembered of connections that are closed, for those who look.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    SessionTag,
    connection_recorder::ConnectionRecorder,
    tally::{Tallies, Tally},
};

/// How long, and how many, closed connections are remembered.
pub(super) const REMEMBERED_FOR: Duration = Duration::from_secs(300);
const MOST_CLOSED: usize = 512;

#[derive(Default)]
pub(super) struct Closed {
    pub recorders: VecDeque<(Instant, Arc<ConnectionRecorder>)>,
    /// StepKind closed connections have cost that are forgotten.
    pub retired: Vec<(Vec<SessionTag>, Tallies)>,
}

impl Closed {
    pub fn of<'a>(
        &'a self,
        tags: &'a [SessionTag],
    ) -> impl Iterator<Item = &'a Arc<ConnectionRecorder>> {
        let closed = self.recorders.iter().map(|(_, recorder)| recorder);
        closed.filter(|recorder| recorder.is_of(tags))
    }

    /// Lets go of what is too old or too much at `now`; the sums stay as long as one of `looking` may
    /// ask for them.
    pub fn forget(&mut self, now: Instant, looking: &[SessionTag]) {
        while let Some((since, recorder)) = self.recorders.front() {
            if now - *since < REMEMBERED_FOR && self.recorders.len() <= MOST_CLOSED {
                break;
            }
            let tags = recorder.known.lock().tags.clone();
            self.retired.push((tags, recorder.tallies()));
            self.recorders.pop_front();
        }
        self.retired
            .retain(|(tags, _)| tags.iter().any(|tag| looking.contains(tag)));
        self.merge();
    }

    /// One entry for the same tags.
    fn merge(&mut self) {
        let mut merged: Vec<(Vec<SessionTag>, Tallies)> = Vec::new();
        for (tags, tallies) in self.retired.drain(..) {
            match merged.iter_mut().find(|(other, _)| *other == tags) {
                Some((_, sums)) => {
                    for (subscription, tally) in tallies {
                        Tally::add_to(sums, subscription, &tally);
                    }
                }
                None => merged.push((tags, tallies)),
            }
        }
        self.retired = merged;
    }
}

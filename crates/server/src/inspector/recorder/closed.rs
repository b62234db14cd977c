//! What is remembered of connections that are closed, for those who look.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    Owner,
    tally::{Tallies, Tally},
    tap::Tap,
};

/// How long, and how many, closed connections are remembered.
pub(super) const REMEMBERED_FOR: Duration = Duration::from_secs(300);
const MOST_CLOSED: usize = 512;

#[derive(Default)]
pub(super) struct Closed {
    pub taps: VecDeque<(Instant, Arc<Tap>)>,
    /// What closed connections have cost that are forgotten.
    pub retired: Vec<(Vec<Owner>, Tallies)>,
}

impl Closed {
    pub fn of<'a>(&'a self, owners: &'a [Owner]) -> impl Iterator<Item = &'a Arc<Tap>> {
        let closed = self.taps.iter().map(|(_, tap)| tap);
        closed.filter(|tap| tap.is_of(owners))
    }

    /// Lets go of what is too old or too much at `now`; the sums stay as long as one of `looking` may
    /// ask for them.
    pub fn forget(&mut self, now: Instant, looking: &[Owner]) {
        while let Some((since, tap)) = self.taps.front() {
            if now - *since < REMEMBERED_FOR && self.taps.len() <= MOST_CLOSED {
                break;
            }
            let owners = tap.known.lock().owners.clone();
            self.retired.push((owners, tap.tallies()));
            self.taps.pop_front();
        }
        self.retired
            .retain(|(owners, _)| owners.iter().any(|owner| looking.contains(owner)));
        self.merge();
    }

    /// One entry for the same owners.
    fn merge(&mut self) {
        let mut merged: Vec<(Vec<Owner>, Tallies)> = Vec::new();
        for (owners, tallies) in self.retired.drain(..) {
            match merged.iter_mut().find(|(other, _)| *other == owners) {
                Some((_, sums)) => {
                    for (reads, tally) in tallies {
                        Tally::add_to(sums, reads, &tally);
                    }
                }
                None => merged.push((owners, tallies)),
            }
        }
        self.retired = merged;
    }
}

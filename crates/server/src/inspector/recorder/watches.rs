//! Who looks until when, and what is remembered for them of connections that are closed.

use std::{
    collections::{HashMap, VecDeque},
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
pub(super) struct Watches {
    pub until: HashMap<Owner, Instant>,
    pub closed: VecDeque<(Instant, Arc<Tap>)>,
    /// What closed connections have cost that are forgotten.
    pub retired: Vec<(Vec<Owner>, Tallies)>,
}

impl Watches {
    pub fn closed_of<'a>(&'a self, owners: &'a [Owner]) -> impl Iterator<Item = &'a Arc<Tap>> {
        let closed = self.closed.iter().map(|(_, tap)| tap);
        closed.filter(|tap| tap.is_of(owners))
    }

    /// Lets go of what is too old or too much; the sums stay as long as somebody looks.
    pub fn forget(&mut self) {
        self.forget_at(Instant::now());
    }

    pub fn forget_at(&mut self, now: Instant) {
        while let Some((since, tap)) = self.closed.front() {
            if now - *since < REMEMBERED_FOR && self.closed.len() <= MOST_CLOSED {
                break;
            }
            let owners = tap.known.lock().owners.clone();
            self.retired.push((owners, tap.tallies()));
            self.closed.pop_front();
        }
        self.until.retain(|_, until| *until > now);
        let until = &self.until;
        self.retired
            .retain(|(owners, _)| owners.iter().any(|owner| until.contains_key(owner)));
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

//! The costs of the readers of a connection or of a session.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{cost::ReaderCost, subscription::Subscription};

/// The most readers that are told apart. A client names its tabs itself, and could name any number.
const MOST_READERS: usize = 256;

/// The cost of each of several readers, by what they read. The readers after the first
/// [`MOST_READERS`] are not counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReaderCosts(BTreeMap<Subscription, ReaderCost>);

impl ReaderCosts {
    /// Adds `more` to the cost of `subscription`.
    pub fn add(&mut self, subscription: Subscription, more: &ReaderCost) {
        let is_full = self.0.len() >= MOST_READERS;
        match self.0.entry(subscription) {
            Entry::Occupied(mut known) => known.get_mut().add(more),
            Entry::Vacant(new) if !is_full => _ = new.insert(*more),
            Entry::Vacant(_) => {}
        }
    }

    pub fn add_all(&mut self, others: &ReaderCosts) {
        for (subscription, cost) in others.iter() {
            self.add(subscription.clone(), cost);
        }
    }

    /// Sorted by room, tab and transport.
    pub fn iter(&self) -> impl Iterator<Item = (&Subscription, &ReaderCost)> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use protocol::Transport;

    use super::*;

    #[test]
    fn the_readers_that_are_told_apart_are_bounded() {
        let mut costs = ReaderCosts::default();
        let one = ReaderCost {
            requests: 1,
            ..ReaderCost::default()
        };
        for number in 0..20_000 {
            let subscription = Subscription {
                room: "r".into(),
                tab: Some(format!("t{number:05}").into()),
                transport: Transport::ShortPoll,
            };
            costs.add(subscription.clone(), &one);
            costs.add(subscription, &one);
        }
        assert_eq!(costs.iter().count(), MOST_READERS);
        assert!(costs.iter().all(|(_, cost)| cost.requests == 2));
    }
}

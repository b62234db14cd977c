//! The audit of deliveries: which messages are missing, duplicated or reordered.

use std::collections::BTreeSet;

/// The messages that one client of a room has received.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// The newest `seq` received.
    cursor: u64,
    /// The `seq` before the cursor that have not arrived.
    gaps: BTreeSet<u64>,
}

/// How a message arrived, by its `seq`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    InOrder,
    /// Newer messages arrived before it.
    Late,
    Duplicate,
}

impl Audit {
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    pub fn record(&mut self, seq: u64) -> Arrival {
        if seq > self.cursor {
            self.gaps.extend(self.cursor + 1..seq);
            self.cursor = seq;
            return Arrival::InOrder;
        }
        if self.gaps.remove(&seq) {
            return Arrival::Late;
        }
        Arrival::Duplicate
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn arrivals_are_classified() {
        let mut audit = Audit::default();
        let arrivals = [1, 2, 5, 3, 3, 5, 6].map(|seq| audit.record(seq));
        use Arrival::{Duplicate, InOrder, Late};
        assert_eq!(
            arrivals,
            [
                InOrder, InOrder, InOrder, Late, Duplicate, Duplicate, InOrder
            ]
        );
        assert_eq!(audit.cursor(), 6);
    }

    proptest! {
        #[test]
        fn first_arrivals_and_duplicates_add_up(seqs in prop::collection::vec(1u64..30, 0..60)) {
            let mut audit = Audit::default();
            let duplicates = seqs.iter().filter(|seq| audit.record(**seq) == Arrival::Duplicate).count();
            let distinct: BTreeSet<_> = seqs.iter().collect();
            prop_assert_eq!(seqs.len() - duplicates, distinct.len());
        }
    }
}

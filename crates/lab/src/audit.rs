//! Every message is accounted for: lost, repeated, out of order.

use std::collections::BTreeSet;

/// What one client of a room has received.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// The newest `seq`: where to go on from.
    cursor: u64,
    /// Those before it that have not come.
    gaps: BTreeSet<u64>,
}

/// What a message is by its `seq`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    InOrder,
    /// Newer ones came before.
    Late,
    Repeated,
}

impl Audit {
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    pub fn take(&mut self, seq: u64) -> Arrival {
        if seq > self.cursor {
            self.gaps.extend(self.cursor + 1..seq);
            self.cursor = seq;
            return Arrival::InOrder;
        }
        if self.gaps.remove(&seq) {
            return Arrival::Late;
        }
        Arrival::Repeated
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_is_told_for_what_it_is() {
        let mut audit = Audit::default();
        let verdicts = [1, 2, 5, 3, 3, 5, 6].map(|seq| audit.take(seq));
        use Arrival::{InOrder, Late, Repeated};
        assert_eq!(
            verdicts,
            [InOrder, InOrder, InOrder, Late, Repeated, Repeated, InOrder]
        );
        assert_eq!(audit.cursor(), 6);
    }

    proptest! {
        #[test]
        fn first_comings_and_repetitions_add_up(seqs in prop::collection::vec(1u64..30, 0..60)) {
            let mut audit = Audit::default();
            let repeated = seqs.iter().filter(|seq| audit.take(**seq) == Arrival::Repeated).count();
            let different: BTreeSet<_> = seqs.iter().collect();
            prop_assert_eq!(seqs.len() - repeated, different.len());
        }
    }
}

//! The latency over the seconds of a trial.

use serde::{Deserialize, Serialize};

/// The slices that a span is cut into.
const SLICES: usize = 40;

/// The longest end-to-end latency of the messages that were due in each slice of the span. The
/// slices have equal lengths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OverTime {
    /// The length of a slice.
    pub slice_s: f64,
    /// In order; `null` where nothing was delivered.
    pub longest_us: Vec<Option<u64>>,
}

impl OverTime {
    /// Of a span of so many seconds, before any message.
    pub fn new(seconds: f64) -> Self {
        OverTime {
            slice_s: seconds / SLICES as f64,
            longest_us: vec![None; SLICES],
        }
    }

    /// Counts a message that was due so many seconds after the span's beginning.
    pub fn record(&mut self, due_s: f64, latency_us: u64) {
        let slice = (due_s / self.slice_s) as usize;
        if let Some(longest) = self.longest_us.get_mut(slice) {
            *longest = (*longest).max(Some(latency_us));
        }
    }

    /// The middle of each slice that has deliveries, in seconds, and the longest latency in it.
    pub fn points(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
        let middle = |slice: usize| (slice as f64 + 0.5) * self.slice_s;
        let slices = self.longest_us.iter().enumerate();
        slices.filter_map(move |(slice, longest)| Some((middle(slice), (*longest)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_keeps_its_longest_latency() {
        let mut over_time = OverTime::new(20.0);
        for (due_s, latency_us) in [
            (0.0, 7),
            (0.49, 9),
            (0.3, 8),
            (0.5, 3),
            (19.99, 5),
            (20.0, 99),
        ] {
            over_time.record(due_s, latency_us);
        }
        let points: Vec<_> = over_time.points().collect();
        assert_eq!(points, [(0.25, 9), (0.75, 3), (19.75, 5)]);
    }
}

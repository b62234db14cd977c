//! The changes from one run to another.

use analysis::{
    metric::{Metric, Quantity},
    results::IntervalsCover,
    scenario::Level,
    stats::DifferenceEstimate,
};
use protocol::Transport;

use super::unsaid::Unsaid;
use crate::ratio::Ratio;

/// The comparison of several runs with the first.
pub struct RunComparison {
    /// The names of the folders. The first run is the one that the others are compared with.
    pub runs: Vec<String>,
    pub changes: Vec<Change>,
    /// Of what nothing can be said.
    pub unsaid: Vec<Unsaid>,
    /// Restrictions: an invalid run, another machine.
    pub notes: Vec<String>,
}

/// One metric of one cell, in two runs.
#[derive(Clone, Debug)]
pub struct Change {
    /// The later run's name.
    pub run: String,
    pub experiment: String,
    pub transport: Transport,
    pub level: Option<Level>,
    pub metric: Metric,
    /// In the first run and in the later one.
    pub before: f64,
    pub after: f64,
    pub effect: Effect,
    /// What the interval of the effect covers.
    pub covers: IntervalsCover,
    pub kind: ChangeKind,
}

/// The later value against the earlier one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// Later divided by earlier.
    Ratio(Ratio),
    /// Later minus earlier, in the metric's unit: of shares, and of values that are not all positive
    /// and have no ratio.
    Difference(Difference),
}

/// A difference with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    pub value: f64,
    pub interval: [f64; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Worse,
    Better,
    /// The interval includes no effect: a ratio of 1, a difference of 0.
    Noise,
}

impl ChangeKind {
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::Worse => "worse",
            ChangeKind::Better => "better",
            ChangeKind::Noise => "noise",
        }
    }

    pub fn of(metric: Metric, effect: Effect) -> Self {
        if effect.includes_none() {
            ChangeKind::Noise
        } else if effect.is_more() == metric.more_is_worse() {
            ChangeKind::Worse
        } else {
            ChangeKind::Better
        }
    }
}

impl From<DifferenceEstimate> for Difference {
    fn from(found: DifferenceEstimate) -> Self {
        Difference {
            value: found.difference,
            interval: found.ci95,
        }
    }
}

impl Effect {
    fn includes_none(self) -> bool {
        match self {
            Effect::Ratio(ratio) => ratio.includes_one(),
            Effect::Difference(Difference { interval, .. }) => {
                interval[0] <= 0.0 && 0.0 <= interval[1]
            }
        }
    }

    fn is_more(self) -> bool {
        match self {
            Effect::Ratio(ratio) => ratio.value > 1.0,
            Effect::Difference(difference) => difference.value > 0.0,
        }
    }
}

impl Change {
    /// How much worse the later run is, as a share: 0.05 for 5 % more latency or 5 % less capacity, and
    /// for a share that is 5 percentage points higher. What grew from a baseline that is not positive
    /// is infinitely worse.
    pub fn worsening(&self) -> f64 {
        let growth = match self.effect {
            Effect::Ratio(ratio) if self.metric.more_is_worse() => return ratio.value - 1.0,
            Effect::Ratio(ratio) => return 1.0 / ratio.value - 1.0,
            Effect::Difference(difference) => self.growth(difference.value),
        };
        if self.metric.more_is_worse() {
            growth
        } else {
            -growth
        }
    }

    fn growth(&self, difference: f64) -> f64 {
        match self.metric.quantity() {
            Quantity::Share => difference,
            Quantity::Time
            | Quantity::Bytes
            | Quantity::BytesPerSecond
            | Quantity::WholeBytes
            | Quantity::PerSecond
            | Quantity::Count => match difference == 0.0 {
                true => 0.0,
                false if self.before > 0.0 => difference / self.before,
                false => f64::INFINITY.copysign(difference),
            },
        }
    }

    /// The size of the effect, for the order of the table: the same for a factor and its inverse.
    pub fn magnitude(&self) -> f64 {
        match self.effect {
            Effect::Ratio(ratio) => ratio.value.ln().abs(),
            Effect::Difference(difference) => self.growth(difference.value).abs(),
        }
    }
}

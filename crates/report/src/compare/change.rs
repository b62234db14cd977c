//! The changes from one run to another.

use analysis::{metric::Metric, scenario::Level};
use protocol::Transport;

use crate::ratio::Ratio;

/// The comparison of several runs with the first.
pub struct RunComparison {
    /// The names of the folders. The first run is the one that the others are compared with.
    pub runs: Vec<String>,
    pub changes: Vec<Change>,
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
    /// After over before.
    pub ratio: Ratio,
    pub kind: ChangeKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Worse,
    Better,
    /// The interval of the ratio includes 1.
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

    pub fn of(metric: Metric, ratio: Ratio) -> Self {
        if ratio.includes_one() {
            ChangeKind::Noise
        } else if (ratio.value > 1.0) == metric.more_is_worse() {
            ChangeKind::Worse
        } else {
            ChangeKind::Better
        }
    }
}

impl Change {
    /// The ratio, inverted where more is better: above 1 is worse for every metric.
    pub fn worsening(&self) -> f64 {
        if self.metric.more_is_worse() {
            self.ratio.value
        } else {
            1.0 / self.ratio.value
        }
    }
}

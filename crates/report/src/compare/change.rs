//! What changed from one run to another.

use analysis::{metric::Metric, scenario::Level};
use protocol::Transport;

use crate::ratio::Ratio;

/// What differs between the first run and the others.
pub struct Comparison {
    /// The folders' names; the first is what the others are held against.
    pub runs: Vec<String>,
    pub changes: Vec<Change>,
    /// What a reader must know: a run that is not valid, another machine.
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
    /// The interval holds 1.
    Noise,
}

impl ChangeKind {
    pub fn word(self) -> &'static str {
        match self {
            ChangeKind::Worse => "worse",
            ChangeKind::Better => "better",
            ChangeKind::Noise => "noise",
        }
    }

    pub fn of(metric: Metric, ratio: Ratio) -> Self {
        if ratio.holds_one() {
            ChangeKind::Noise
        } else if (ratio.value > 1.0) == metric.more_is_worse() {
            ChangeKind::Worse
        } else {
            ChangeKind::Better
        }
    }
}

impl Change {
    /// How many times as bad: above 1 is worse, whichever way the metric counts.
    pub fn badness(&self) -> f64 {
        if self.metric.more_is_worse() {
            self.ratio.value
        } else {
            1.0 / self.ratio.value
        }
    }
}

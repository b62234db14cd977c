//! The runs of a campaign, and which of its levels the intervals cover.

use serde::{Deserialize, Serialize};

use super::{environment::Baseline, trial::Trial};

/// What the 95 % intervals of a campaign cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalsCover {
    /// Chance within the one run: they are over trials.
    #[default]
    Run,
    /// Chance between runs too: they are over runs.
    Runs,
}

/// One run: all blocks of the campaign once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunRecord {
    /// RFC 3339, UTC.
    pub started_at: String,
    /// Measured at the start of the run.
    #[serde(rename = "floor")]
    pub baseline: Baseline,
}

impl IntervalsCover {
    /// A campaign that was interrupted within its first run has intervals over trials.
    pub fn of(trials: &[Trial]) -> Self {
        match trials.iter().any(|trial| trial.run > 0) {
            true => IntervalsCover::Runs,
            false => IntervalsCover::Run,
        }
    }

    /// The values that an interval is over, in words.
    pub fn units(self) -> &'static str {
        match self {
            IntervalsCover::Run => "trials",
            IntervalsCover::Runs => "runs",
        }
    }
}

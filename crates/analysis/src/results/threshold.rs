//! The thresholds of a scenario, and whether its cells reached them.

use protocol::Transport;
use serde::{Deserialize, Serialize};

use crate::{metric::Metric, scenario::Level};

/// A threshold at one cell, with what was measured there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThresholdRecord {
    pub experiment: String,
    pub transport: Transport,
    pub level: Option<Level>,
    pub metric: Metric,
    /// As in the scenario: `< 50ms`.
    pub condition: String,
    /// In the metric's unit, as its estimate.
    pub value: Option<f64>,
    pub ci95: Option<[f64; 2]>,
    /// Whether the value is a lower bound.
    #[serde(default)]
    pub censored: bool,
    pub verdict: Verdict,
}

/// What can be said of a threshold. Only `Passed` is a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The value and its whole interval meet the condition.
    Passed,
    /// The value does not meet it.
    Failed,
    /// The value meets it, but not the whole interval; or there is no value, or no interval.
    Undecided,
}

//! What the trials of a cell, or of two, come to.

use protocol::Transport;
use serde::{Deserialize, Serialize};

use crate::{metric::Metric, scenario::Level};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Estimate {
    pub experiment: String,
    pub transport: Transport,
    pub level: Option<Level>,
    pub metric: Metric,
    pub value: Option<f64>,
    pub ci95: Option<[f64; 2]>,
    pub theory: Option<f64>,
}

/// `ratio` is the value of `a` over that of `b`, both labels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comparison {
    pub experiment: String,
    pub level: Option<Level>,
    pub metric: Metric,
    pub a: String,
    pub b: String,
    /// Whether it is the A/A cell's: `b` is `a` again.
    #[serde(default)]
    pub is_control: bool,
    pub ratio: Option<f64>,
    pub ci95: Option<[f64; 2]>,
    /// Of the A/A cell alone: the interval of its gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ci99_9: Option<[f64; 2]>,
}

//! What the trials of a cell, or of two, come to.

use serde::{Deserialize, Serialize};

use crate::{analysis::scenario::Level, wire::Transport};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Estimate {
    pub experiment: String,
    pub transport: Transport,
    pub level: Option<Level>,
    pub metric: String,
    pub value: Option<f64>,
    pub ci95: Option<[f64; 2]>,
    pub theory: Option<f64>,
}

/// `ratio` is the value of `a` over that of `b`, both labels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comparison {
    pub experiment: String,
    pub level: Option<Level>,
    pub metric: String,
    pub a: String,
    pub b: String,
    pub ratio: Option<f64>,
    pub ci95: Option<[f64; 2]>,
    /// Of the A/A cell alone: the interval of its gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ci99_9: Option<[f64; 2]>,
}

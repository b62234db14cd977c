//! Estimates of a cell, and comparisons of two.

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
    /// Whether the value is a lower bound: a trial's measurement ended before the quantity did.
    #[serde(default, skip_serializing_if = "is_false")]
    pub censored: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde asks for"
)]
fn is_false(value: &bool) -> bool {
    !value
}

/// A ratio of two cells: the value of `a` divided by that of `b`, both given by their labels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comparison {
    pub experiment: String,
    pub level: Option<Level>,
    pub metric: Metric,
    pub a: String,
    pub b: String,
    /// Whether `b` is the control (A/A) of `a`.
    #[serde(default)]
    pub is_control: bool,
    pub ratio: Option<f64>,
    pub ci95: Option<[f64; 2]>,
}

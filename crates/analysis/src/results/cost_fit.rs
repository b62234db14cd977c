//! What a post, a request and a delivery cost the server's processor.

use protocol::Transport;
use serde::{Deserialize, Serialize};

use crate::scenario::Level;

/// The fit CPU = a·posts + b·requests + c·deliveries of one transport in one experiment. Costs are in
/// microseconds of the server's processor time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostFit {
    pub experiment: String,
    pub transport: Transport,
    /// a: a message that is posted and stored.
    pub post_us: Cost,
    /// b: a reader's request; `null` for a transport that sends none.
    pub request_us: Option<Cost>,
    /// c: one message to one reader.
    pub delivery_us: Cost,
    /// The share of the weighted variance of the trials' processor times that the fit has; the mean
    /// over the runs where there are several.
    pub r_squared: f64,
    /// The cells that the fit is over, those without readers too.
    pub cells: Vec<CostCell>,
}

/// A cost with its 95 % interval, which may include 0 or end below it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    pub value: f64,
    pub ci95: [f64; 2],
}

/// The means over the valid trials of a cell, in the span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostCell {
    pub level: Option<Level>,
    pub posts: f64,
    pub requests: f64,
    pub deliveries: f64,
    /// The server's processor time.
    pub cpu_us: f64,
    /// The same by the fit.
    pub fitted_us: f64,
}

impl Cost {
    /// Whether the interval includes 0, so that no cost could be shown.
    pub fn includes_zero(&self) -> bool {
        self.ci95[0] <= 0.0 && self.ci95[1] >= 0.0
    }
}

impl CostCell {
    /// The measured time less that of the fit, as a share of the fit's.
    pub fn residual(&self) -> f64 {
        self.cpu_us / self.fitted_us - 1.0
    }
}

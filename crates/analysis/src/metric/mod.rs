//! Metrics: the quantities that a run has figures of. Their names in `results.json` are defined
//! here and nowhere else.
//!
//! [`Trial::value`] is a metric's value in a trial, [`CellTheory::value`] is theory's. Both match
//! every variant, so that the compiler reports a new metric that one of them lacks.
//!
//! [`Trial::value`]: crate::results::Trial::value
//! [`CellTheory::value`]: crate::estimate::CellTheory::value

mod definition;
mod name;
mod quantity;
mod words;

pub use definition::{LatencyKind, Metric, Quantile, Statistic};
pub use quantity::Quantity;

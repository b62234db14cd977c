//! Metrics: what a run has figures of. Their names in `results.json` stand here and nowhere else.
//!
//! What a trial measured of one is [`Trial::value`], what theory expects of it [`Expected::of`]:
//! both match every metric, so that a new one cannot be forgotten there.
//!
//! [`Trial::value`]: crate::results::Trial::value
//! [`Expected::of`]: crate::estimate::Expected::of

mod kind;
mod name;
mod quantity;
mod words;

pub use kind::{Kind, Metric, Quantile, Statistic};
pub use quantity::Quantity;

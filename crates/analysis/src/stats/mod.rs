//! Statistics for a small number of trials: confidence intervals, ratios, a slope, a test of
//! uniformity, and the smallest detectable difference.

mod detectable;
mod intervals;
mod slope;
mod student_t;
mod uniform;
mod welch;

pub use detectable::smallest_detectable;
pub use intervals::{BOOTSTRAP_FROM, MIN_TRIALS, RatioEstimate, around, of_mean, paired_ratio};
pub use slope::slope;
pub use student_t::critical;
pub use uniform::uniformity_test;
pub use welch::welch_ratio;

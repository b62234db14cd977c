//! Statistics for a small number of trials or runs: confidence intervals, ratios and differences, a
//! slope, weighted least squares, a test of uniformity, the pooling of such tests, and the smallest detectable difference.

mod campaigns;
mod detectable;
mod fisher;
mod intervals;
mod least_squares;
mod slope;
mod student_t;
mod uniform;
mod welch;

pub use campaigns::{CampaignValues, difference_of_campaigns, ratio_of_campaigns};
pub use detectable::smallest_detectable;
pub use fisher::fisher;
pub use intervals::{
    BOOTSTRAP_FROM, DifferenceEstimate, MIN_TRIALS, RatioEstimate, around, of_mean, paired_ratio,
};
pub use least_squares::{LeastSquares, WeightedPoint, least_squares, variance_inflation};
pub use slope::{slope, slope_over_runs};
pub use student_t::critical;
pub use uniform::uniformity_test;
pub use welch::welch_ratio;

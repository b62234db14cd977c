//! What a handful of trials can tell: intervals, a test of uniformity, what a campaign could see.

mod detectable;
mod intervals;
mod slope;
mod student_t;
mod uniform;
mod welch;

pub use detectable::detectable;
pub use intervals::{BOOTSTRAP_FROM, ENOUGH, Ratio, around, of_mean, ratio};
pub use slope::slope;
pub use student_t::critical;
pub use uniform::uniform;
pub use welch::welch;

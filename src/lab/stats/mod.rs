//! What a handful of trials can tell: intervals, a test of uniformity, what a campaign could see.

mod detectable;
mod intervals;
mod student_t;
mod uniform;

pub use detectable::detectable;
pub use intervals::{BOOTSTRAP_FROM, ENOUGH, Ratio, around, of_mean, ratio};
pub use student_t::critical;
pub use uniform::uniform;

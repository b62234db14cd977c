//! Conclusions: sentences that the data of a run support. Each function looks for the data of its
//! sentence and returns `None` if they do not support it; the page then leaves the sentence out.

pub mod between;
pub mod cost;
pub mod crossing;
pub mod delay;
pub mod levels;
pub mod load;
pub mod loss;
pub mod other;
mod phrases;
pub mod processor;
#[cfg(test)]
mod tests;

pub use phrases::{highest_level, interval_and_delay};

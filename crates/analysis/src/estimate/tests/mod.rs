//! Estimates from synthetic trials.

mod comparisons;
mod runs;
mod support;
mod theory;
mod values;

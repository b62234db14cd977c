//! Estimates from synthetic trials.

mod comparisons;
mod support;
mod theory;
mod validity;
mod values;

//! Estimates of trials that are made up.

mod comparisons;
mod given;
mod theory;
mod validity;
mod values;

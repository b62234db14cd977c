//! What reasons about figures: what is to be measured, what was, and what may be said of it.
//!
//! It measures nothing and draws nothing. A [`scenario`] names experiments; [`results`] are what a run
//! of one left in `results.json`: values of each [`metric`], in [`cells`] of trials; [`estimate`] makes of its trials what the report says, with [`stats`]
//! for the intervals and [`theory`] beside.

pub mod benchmarks;
pub mod cells;
pub mod estimate;
pub mod metric;
pub mod results;
pub mod samples;
pub mod scenario;
pub mod stats;
pub mod theory;

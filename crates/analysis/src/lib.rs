//! The analysis of measurements: what is to be measured, what was measured, and what follows from
//! it.
//!
//! This crate computes. It opens no socket, starts no process and draws no figure, and it does not
//! know how a trial is run: the `lab` crate measures and uses it to evaluate its trials, and the
//! `report` crate uses it to show a run. Its only input and output are scenario files and the files
//! of a run's folder.
//!
//! Where to begin:
//!
//! - [`scenario`]: a [`Scenario`](scenario::Scenario) has experiments; their levels and transports
//!   make the cells that are to be measured.
//! - [`results`]: [`Results`](results::Results) is the format of `results.json`, and
//!   [`Trial`](results::Trial) the record of one trial. The names there are frozen, so old files
//!   stay readable.
//! - [`metric`]: the quantities that a trial has values of. [`cell_trials`] groups trials by cell,
//!   and [`samples`] holds latencies as histograms.
//! - [`gates`]: whether each trial and the whole campaign are valid, and if not, why.
//! - [`estimate`]: turns the trials of a campaign into estimates and comparisons. It uses [`stats`] for confidence intervals and [`theory`]
//!   for the values that the models predict.
//! - [`cost`]: what a post, a request and a delivery cost the server's processor, by least squares.
//! - [`thresholds`]: whether the cells reached what the scenario asked of them.
//! - [`misses`]: the estimates that theory misses, and what explains them.
//! - [`worksheet`]: questions with values of each student's own, and what the models answer.
//! - [`benchmarks`]: the results of `cargo bench` that are kept beside a run.

pub mod benchmarks;
pub mod cell_trials;
pub mod cost;
pub mod estimate;
pub mod gates;
pub mod metric;
pub mod misses;
pub mod results;
pub mod samples;
pub mod scenario;
pub mod stats;
pub mod theory;
pub mod thresholds;
pub mod worksheet;

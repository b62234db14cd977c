//! Analytic models of each transport: latency, requests, bytes and segments.
//!
//! They assume a constant delay, no loss, TCP_NODELAY, an idle server and messages that arrive as a
//! Poisson stream. All values are in seconds and bytes. No parameter is fitted to a measurement.
//! [`predict`] is the entry; the tests check the models against a simulation.

mod bytes;
mod constants;
mod digits;
mod fanout;
mod latency;
mod long_poll;
mod model;
mod prediction;
mod push;
mod segments;
mod short_poll;
mod span;

#[cfg(test)]
mod checks;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod simulation;

pub use bytes::{ByteInputs, app_bytes_per_s, byte_crossover, ip_bytes_per_s};
pub use constants::SEGMENT_BYTES;
pub use digits::mean_digits;
pub use fanout::mean_fan_out;
pub use latency::Latency;
pub use model::{ModelInputs, PollPrediction, Prediction};
pub use prediction::predict;
pub use segments::{AckMode, segments_per_s};
pub use span::Span;

//! What theory expects of each transport: constant delay, no loss, TCP_NODELAY, an idle server and
//! messages that arrive as a Poisson stream. Seconds and bytes throughout; nothing is fitted.

mod bytes;
mod constants;
mod delivery;
mod fanout;
mod latency;
mod long_poll;
mod model;
mod push;
mod segments;
mod short_poll;

#[cfg(test)]
mod checks;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod simulation;

pub use bytes::{app_bytes_per_s, byte_crossover, ip_bytes_per_s, mean_digits};
pub use constants::SEGMENT_BYTES;
pub use delivery::delivery;
pub use fanout::mean_fan_out;
pub use latency::Latency;
pub use model::{Delivery, ModelInputs, PollModel};
pub use segments::{Path, segments_per_s};

//! The lab: publishes messages on a schedule, receives them over each transport, and measures what
//! that took, beside what theory predicts. It meets the server over sockets alone.

mod audit;
mod body;
mod client;
mod clock;
mod cores;
pub mod estimate;
mod floor;
mod procfs;
mod publisher;
pub mod results;
pub mod samples;
pub mod scenario;
mod schedule;
mod server;
pub mod stats;
pub mod theory;

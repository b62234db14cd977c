//! The lab: publishes messages on a schedule, receives them over each transport, and measures what
//! that took, beside what theory predicts. It meets the server over sockets alone.

pub mod results;
pub mod samples;
pub mod scenario;

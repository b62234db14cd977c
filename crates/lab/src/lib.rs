//! The lab: publishes messages on a schedule, receives them over each transport, and measures what
//! that took, beside what theory predicts. It meets the server over sockets alone.
//!
//! A [`scenario`] names experiments; a plan makes trials of them, in shuffled blocks. A trial starts
//! a server in a process of its own, opens the receiving clients (`receivers`, one file a transport,
//! over the emulated link of `netlab` where there is delay), and lets the publisher send what
//! the schedule has drawn. What was received, and what it cost, is a [`Trial`]; what all trials come
//! to is reasoned in `analysis`.
//!
//! [`scenario`]: analysis::scenario
//! [`Trial`]: analysis::results::Trial

mod audit;
mod baseline;
mod body;
mod campaign;
mod command;
mod criterion;
mod host;
mod plan;
mod process;
mod progress;
mod publisher;
mod receivers;
mod schedule;
mod target;
mod trial;

pub use command::{Finished, Lab};
pub use process::Process;

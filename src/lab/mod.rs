//! The lab: publishes messages on a schedule, receives them over each transport, and measures what
//! that took, beside what theory predicts. It meets the server over sockets alone.
//!
//! A [`scenario`] names experiments; a plan makes trials of them, in shuffled blocks. A trial starts
//! a server in a process of its own, opens the receiving clients (`client`, one file a transport,
//! over the emulated link of [`crate::net`] where there is delay), and lets the publisher send what
//! the schedule has drawn. What was received, and what it cost, is a [`results::Trial`]; [`estimate`]
//! makes of all trials what the report says, with [`stats`] for the intervals and [`theory`] beside.

mod audit;
mod body;
mod campaign;
mod client;
mod clock;
mod command;
mod cores;
mod environment;
pub mod estimate;
mod floor;
mod plan;
mod procfs;
mod progress;
mod publisher;
pub mod results;
pub mod samples;
pub mod scenario;
mod schedule;
mod server;
pub mod stats;
pub mod theory;
mod trial;

pub use command::{Finished, Lab};

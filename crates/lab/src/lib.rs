//! The lab: it publishes messages on a schedule, receives them with each transport, and measures
//! latency, bytes and the cost of the server.
//!
//! It meets the server as a process and over sockets only, and shares no code with it except the
//! `protocol` crate. It measures and records; the statistics are in `analysis`, the pages in
//! `report`. One machine runs everything, so the lab pins server and generator to a core each where
//! it can, and checks for each trial that its own load did not spoil the figures.
//!
//! A scenario has experiments, and an experiment has cells: a transport at a level. `plan` makes
//! blocks of trials from them: each block has all cells once, in shuffled order.
//!
//! Where to begin:
//!
//! - [`Lab`] is the command. It runs a campaign and writes `results.json`.
//! - `campaign` runs all trials of a plan, and `runs` says how often and how far apart; `baseline`
//!   measures what the machine can measure at best.
//! - `trial` runs one trial: a new server (`server`), the receivers, the publisher, and the record.
//! - `schedule` draws the messages; `publisher` sends them in an open loop.
//! - `receivers` has one file for each transport. Every connection counts its bytes and compares
//!   them with the kernel's count at its end.
//! - `progress` shows how far it is; `live` is the table of cells that a terminal shows.
//! - `plant` has faults that are planted to see that the gates find them.
//! - `host` reads clocks, cores and /proc. [`Process`] is a server process, which tests use too.

mod audit;
mod baseline;
mod body;
mod campaign;
mod command;
mod criterion;
mod host;
mod live;
mod plan;
mod plant;
mod postgres;
mod process;
mod progress;
mod publisher;
mod receivers;
mod runs;
mod schedule;
mod server;
mod trial;
mod worksheet_arguments;

pub use command::{Finished, Lab};
pub use plant::Plant;
pub use process::Process;

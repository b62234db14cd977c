//! The machine on which the lab runs: its clocks, its cores, and what /proc reports.

pub mod clock;
pub mod cores;
pub mod environment;
mod machine;
pub mod procfs;

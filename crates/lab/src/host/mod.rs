//! The machine that is measured on: its clocks, its processors, and what it tells of processes.

pub mod clock;
pub mod cores;
pub mod environment;
pub mod procfs;

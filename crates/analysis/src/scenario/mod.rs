//! What is to be measured: experiments, read from TOML.

mod built_in;
mod cells;
mod check;
mod experiment;
mod file;
pub mod level;

pub use built_in::{BUILT_IN, BuiltIn};
pub use cells::{AGAIN, PlannedCell};
pub use experiment::{
    Database, Experiment, Headers, Load, Network, Outage, Runs, Search, Server, Sweep, Sync,
    Transports,
};
pub use file::Scenario;
pub use level::Level;

//! Scenarios: what is to be measured, as experiments read from TOML.

mod built_in;
mod check;
mod experiment;
mod file;
pub mod level;
mod pass;
mod planned_cell;
mod threshold;

pub use built_in::{BUILT_IN, BuiltIn};
pub use experiment::{
    Control, Database, Experiment, HeaderProfile, Load, Network, Outage, Runs, Search,
    ServerSettings, Sweep, Sync, TransportSettings,
};
pub use file::Scenario;
pub use level::Level;
pub use pass::Pass;
pub use planned_cell::{CONTROL_SUFFIX, PlannedCell};
pub use threshold::Threshold;

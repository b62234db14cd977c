//! `results.json`: everything that a run measured. Units are in the names; what is not known is
//! `null`, never 0.

mod costs;
mod estimate;
mod invalidity;
mod older;
mod run;
mod setting;
mod special;
mod trial;
mod value;

pub use costs::{Bytes, GeneratorCost, Segments, ServerCost, Sizes, UpDown};
pub use estimate::{Comparison, Estimate};
pub use invalidity::{InvalidKind, Invalidity, Reason};
pub use run::{Results, SCHEMA, ScenarioRecord};
pub use setting::{Baseline, Environment, LinkBaseline};
pub use special::{CapacityRecord, CapacityStep, Limit, OutageRecord, UniformTest};
pub use trial::{Trial, place};

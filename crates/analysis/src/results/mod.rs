//! `results.json`: everything that a run measured. The field names have the units. An unknown value
//! is `null`, never 0.

mod cost_fit;
mod costs;
mod environment;
mod estimate;
mod file;
mod gate;
mod invalidity;
mod older;
mod over_time;
mod run;
mod runs;
mod special;
mod threshold;
mod trial;
mod value;

pub use cost_fit::{Cost, CostCell, CostFit};
pub use costs::{ClientBytes, GeneratorCost, MeanSizes, OtherLoad, Segments, ServerCost, UpDown};
pub use environment::{Baseline, Environment, LinkBaseline};
pub use estimate::{Comparison, Estimate};
pub use file::{file_name, pack};
pub use gate::Gate;
pub use invalidity::{InvalidKind, Invalidity, Reason};
pub use over_time::OverTime;
pub use run::{Results, SCHEMA, ScenarioRecord};
pub use runs::{IntervalsCover, RunRecord};
pub use special::{CapacityRecord, CapacityStep, Limit, OutageRecord, UniformTest};
pub use threshold::{ThresholdRecord, Verdict};
pub use trial::{Trial, cell_name};

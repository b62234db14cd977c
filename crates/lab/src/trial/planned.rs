//! The inputs and the outcome of a trial.

use std::sync::Arc;

use analysis::{
    estimate::{configured_inputs, warm_up_s},
    results::Trial,
    scenario::PlannedCell,
    theory::ModelInputs,
};
use netlab::Awake;

use crate::{host::cores::Cores, plant::Plant, receivers::DeliveryRow};

/// What all trials of a run share.
pub struct RunContext<'a> {
    pub seed: u64,
    pub cores: Cores,
    pub awake: &'a Arc<Awake>,
    /// The mean round trip of the TCP echo over the loopback.
    pub echo_us: f64,
    pub samples: bool,
    pub plant: Option<Plant>,
}

/// A planned trial.
#[derive(Clone, Debug)]
pub struct PlannedTrial {
    pub cell: PlannedCell,
    /// The run that it belongs to, from 0.
    pub run: u32,
    pub repetition: u32,
    pub order: u32,
}

impl PlannedTrial {
    /// Whether both trials are in one block.
    pub fn is_in_block_of(&self, other: &PlannedTrial) -> bool {
        let block = |one: &PlannedTrial| (one.run, one.repetition);
        block(self) == block(other) && self.cell.settings.name == other.cell.settings.name
    }
}

/// The outcome of a trial.
pub struct TrialOutcome {
    pub trial: Trial,
    pub rows: Vec<DeliveryRow>,
}

/// The length of a cell's warm-up, in seconds.
pub fn warm_up(cell: &PlannedCell) -> f64 {
    warm_up_s(&cell.settings, cell.transport)
}

/// The settings of a cell's clients as the models take them, with the configured delay.
pub fn inputs(cell: &PlannedCell) -> ModelInputs {
    let one_way = cell.settings.network.one_way_ms / 1_000.0;
    configured_inputs(&cell.settings, cell.transport, one_way)
}

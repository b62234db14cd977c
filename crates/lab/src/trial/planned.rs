//! Which trial, in which run, and what came of it.

use std::sync::Arc;

use analysis::{results::Trial, scenario::PlannedCell};
use netlab::Awake;

use crate::{host::cores::Cores, receivers::Row};

/// The least warm-up, in seconds.
const LEAST_WARM_UP: f64 = 0.5;
/// What a trial needs to know of the run that it belongs to.
pub struct Run<'a> {
    pub seed: u64,
    pub cores: Cores,
    pub awake: &'a Arc<Awake>,
    /// Mean of the raw echo over the loopback, there and back.
    pub echo_us: f64,
    pub samples: bool,
}

/// Which trial it is.
#[derive(Clone, Debug)]
pub struct Planned {
    pub cell: PlannedCell,
    pub repetition: u32,
    pub order: u32,
}

/// What came of it.
pub struct TrialOutcome {
    pub trial: Trial,
    pub rows: Vec<Row>,
}

/// The part of the beginning that is not measured, in seconds: a polling cycle, so that every
/// client has polled, and half a second at least, so that the server is warm.
pub fn warm_up(cell: &PlannedCell) -> f64 {
    let setting = &cell.setting;
    let cycle = match cell.transport.pauses() {
        true => (setting.transport.interval_ms + 2.0 * setting.network.one_way_ms) / 1_000.0,
        false => 4.0 * setting.network.one_way_ms / 1_000.0,
    };
    cycle.max(LEAST_WARM_UP)
}

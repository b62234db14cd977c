//! The order of cells in `results.json`.

use std::collections::BTreeMap;

use crate::{
    cell_trials::CellTrials,
    scenario::{Experiment, Level},
};

/// Sorts by experiment in the order of the run, then by transport in its usual order, then by level
/// in the order of the sweep.
pub fn sort(cells: &mut [CellTrials], experiments: &BTreeMap<String, Experiment>) {
    let mut ran: Vec<_> = cells.iter().map(|cell| cell.experiment).collect();
    ran.dedup();
    let swept: BTreeMap<_, _> = ran
        .iter()
        .map(|name| (*name, levels(name, experiments)))
        .collect();
    cells.sort_by_key(|cell| {
        let experiment = ran.iter().position(|name| *name == cell.experiment);
        let levels = &swept[cell.experiment];
        let level = levels.iter().position(|level| level.as_ref() == cell.level);
        (experiment, cell.transport, level.unwrap_or(usize::MAX))
    });
}

/// The levels of an experiment in the order of its sweep.
fn levels(name: &str, experiments: &BTreeMap<String, Experiment>) -> Vec<Option<Level>> {
    let cells = experiments.get(name).map(Experiment::cells);
    let cells = cells.and_then(Result::ok).unwrap_or_default();
    cells.into_iter().map(|cell| cell.level).collect()
}

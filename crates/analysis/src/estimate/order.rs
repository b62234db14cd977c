//! The order of cells in `results.json`.

use std::collections::BTreeMap;

use crate::{
    cells::Cell,
    scenario::{Experiment, Level},
};

/// The experiments as they ran, the transports as they are always shown, and the levels as they are
/// swept.
pub fn sort(cells: &mut [Cell], experiments: &BTreeMap<String, Experiment>) {
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

/// The levels of an experiment in their order.
fn levels(name: &str, experiments: &BTreeMap<String, Experiment>) -> Vec<Option<Level>> {
    let cells = experiments.get(name).map(Experiment::cells);
    let cells = cells.and_then(Result::ok).unwrap_or_default();
    cells.into_iter().map(|cell| cell.level).collect()
}

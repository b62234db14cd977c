//! The slope of one quantity on another over the trials of several cells.

use std::collections::BTreeMap;

use crate::{
    cell_trials::CellTrials,
    results::{IntervalsCover, Trial},
    stats,
};

/// The slope with its 95 % interval: over the trials, or over the slopes of the runs in a campaign that
/// has several. `point` gives x and y of a trial; trials without them are left out. `None` of too few.
pub fn slope<'c, 'a: 'c>(
    cells: impl Iterator<Item = &'c CellTrials<'a>>,
    point: impl Fn(&Trial) -> Option<(f64, f64)>,
) -> Option<(f64, [f64; 2])> {
    let cells: Vec<_> = cells.collect();
    let mut runs: BTreeMap<u32, Vec<(f64, f64)>> = BTreeMap::new();
    for trial in cells.iter().flat_map(|cell| &cell.valid) {
        runs.entry(trial.run).or_default().extend(point(trial));
    }
    let runs: Vec<_> = runs.into_values().collect();
    match cells.first()?.covers {
        IntervalsCover::Run => stats::slope(&runs.concat()),
        IntervalsCover::Runs => stats::slope_over_runs(&runs),
    }
}

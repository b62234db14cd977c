//! From trials to what a run says: an estimate for every cell and metric, comparisons between
//! transports, and whether the campaign is valid.

mod compare;
mod expected;
mod measured;
mod order;
mod validity;

#[cfg(test)]
mod example;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::{
    cells::{Cell, group},
    results::{Comparison, Estimate, Trial},
    scenario::Experiment,
};
pub use expected::{Expected, Given};

/// What all trials of a campaign come to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub estimates: Vec<Estimate>,
    pub comparisons: Vec<Comparison>,
    /// Why the campaign is not valid, a sentence each; it is when there are none.
    pub reasons: Vec<String>,
}

/// Estimates, comparisons and reasons from the trials that were run of the `planned`.
/// `experiments` are the resolved ones, by name; a trial of none of them is without theory.
///
/// # Errors
/// A histogram that cannot be read, and whose it is.
pub fn estimate(
    trials: &[Trial],
    experiments: &BTreeMap<String, Experiment>,
    planned: u32,
) -> Result<Outcome, String> {
    let (controls, mut cells): (Vec<_>, Vec<_>) =
        group(trials).into_iter().partition(|cell| cell.is_control);
    order::sort(&mut cells, experiments);
    let mut estimates = Vec::new();
    for cell in &cells {
        let expected = expected(cell, experiments);
        for measured in measured::all(cell, &cells)? {
            let theory = expected.as_ref();
            estimates.push(Estimate {
                experiment: cell.experiment.into(),
                transport: cell.transport,
                level: cell.level.cloned(),
                theory: theory.and_then(|expected| expected.of(measured.metric)),
                metric: measured.metric,
                value: measured.value,
                ci95: measured.ci95,
            });
        }
    }
    let comparisons = compare::all(&cells, &controls);
    Ok(Outcome {
        reasons: validity::reasons(trials, &cells, &comparisons, planned),
        estimates,
        comparisons,
    })
}

fn expected(cell: &Cell, experiments: &BTreeMap<String, Experiment>) -> Option<Expected> {
    let experiment = experiments.get(cell.experiment)?.at(cell.level).ok()?;
    let given = Given::of(&experiment, &cell.trials)?;
    Expected::at(&experiment, cell.transport, given)
}

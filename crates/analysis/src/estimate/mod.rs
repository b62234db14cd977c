//! The statistics of a campaign: an estimate for every cell and metric, and comparisons between
//! transports. [`estimate()`] is the entry.

mod cell_estimate;
mod cell_theory;
mod compare;
mod configured;
mod interval;
mod order;
mod slope;

#[cfg(test)]
pub mod sample;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::{
    cell_trials::{CellTrials, group},
    cost::{self, SendCosts},
    results::{Comparison, CostFit, Estimate, IntervalsCover, Trial},
    scenario::Experiment,
};
pub use cell_estimate::{CellEstimate, mean_over_trials};
pub use cell_theory::{CellTheory, MeasuredInputs};
pub use configured::{SETTLE_S, configured_inputs, opened_before_span_s, warm_up_s};
pub use interval::resolution;
pub use slope::slope;

/// The statistics of all trials of a campaign.
#[derive(Clone, Debug, Default)]
pub struct CampaignOutcome {
    pub estimates: Vec<Estimate>,
    pub comparisons: Vec<Comparison>,
    pub costs: Vec<CostFit>,
    pub intervals_cover: IntervalsCover,
}

/// Computes estimates and comparisons from the trials that were run and judged. `experiments` are
/// the resolved ones, by name. A trial whose experiment is not among them has no theory.
///
/// # Errors
/// A histogram cannot be read; the sentence names its trial.
pub fn estimate(
    trials: &[Trial],
    experiments: &BTreeMap<String, Experiment>,
) -> Result<CampaignOutcome, String> {
    let (controls, mut cells): (Vec<_>, Vec<_>) =
        group(trials).into_iter().partition(|cell| cell.is_control);
    order::sort(&mut cells, experiments);
    let costs = cost::fits(trials);
    let sends = SendCosts::of(&costs);
    let mut estimates = Vec::new();
    for cell in &cells {
        let theory = cell_theory(cell, experiments, &sends);
        for estimate in cell_estimate::all(cell, &cells)? {
            let metric = estimate.metric;
            estimates.push(Estimate {
                experiment: cell.experiment.into(),
                transport: cell.transport,
                level: cell.level.cloned(),
                metric,
                value: estimate.value,
                ci95: estimate.ci95,
                censored: estimate.censored,
                theory: theory.as_ref().and_then(|theory| theory.value(metric)),
            });
        }
    }
    let comparisons = compare::all(&cells, &controls, experiments);
    Ok(CampaignOutcome {
        intervals_cover: IntervalsCover::of(trials),
        estimates,
        comparisons,
        costs,
    })
}

fn cell_theory(
    cell: &CellTrials,
    experiments: &BTreeMap<String, Experiment>,
    sends: &SendCosts,
) -> Option<CellTheory> {
    let experiment = experiments.get(cell.experiment)?.at(cell.level).ok()?;
    let measured = MeasuredInputs::of(&experiment, cell.transport, &cell.valid)?;
    CellTheory::at(&experiment, cell.transport, measured, sends)
}

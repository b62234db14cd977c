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
    metric::Metric,
    results::{Comparison, CostFit, Estimate, IntervalsCover, Results, Trial},
    scenario::Experiment,
};
use cell_estimate::mean_over_trials;
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

/// The estimate of a cell: the recorded one, or one from its trials if the results have none of the
/// metric. Quantiles are never averaged over trials.
pub fn of_cell(results: &Results, cell: &CellTrials, metric: Metric) -> Option<Estimate> {
    let recorded = results.estimates.iter().find(|estimate| {
        estimate.experiment == cell.experiment
            && estimate.transport == cell.transport
            && estimate.level.as_ref() == cell.level
            && estimate.metric == metric
    });
    match recorded {
        Some(estimate) => Some(estimate.clone()),
        None if metric.is_of_samples() => None,
        None => Some(over_trials(cell, metric)),
    }
}

fn over_trials(cell: &CellTrials, metric: Metric) -> Estimate {
    let found = mean_over_trials(metric, cell);
    Estimate {
        experiment: cell.experiment.into(),
        transport: cell.transport,
        level: cell.level.cloned(),
        metric,
        value: found.value,
        ci95: found.ci95,
        censored: found.censored,
        theory: None,
    }
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

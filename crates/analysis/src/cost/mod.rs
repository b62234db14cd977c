//! The cost of a post, a request and a delivery on the server's processor: a fit over the trials of
//! the experiment `cost`, by transport.

mod fan_out;
mod fit;
#[cfg(test)]
mod tests;

use protocol::Transport;

use crate::{
    cell_trials::{CellTrials, group},
    results::{CostCell, CostFit, IntervalsCover, Trial},
};
pub use fan_out::SendCosts;
pub use fit::point;
use fit::{costs, costs_over_runs};

/// The experiment whose trials are fitted; with a suffix after a hyphen it may be in a campaign
/// several times.
pub const EXPERIMENT: &str = "cost";

/// Whether an experiment of this name measures costs.
pub fn is_measured_by(experiment: &str) -> bool {
    let rest = experiment.strip_prefix(EXPERIMENT);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// The fit of each transport of each experiment that measures costs, from the valid trials of the
/// cells that have enough of them for estimates. A transport whose trials do not determine the costs
/// has none.
pub fn fits(trials: &[Trial]) -> Vec<CostFit> {
    let cells = group(trials);
    let measuring = |cell: &&CellTrials| is_measured_by(cell.experiment) && !cell.is_control;
    let mut experiments: Vec<_> = cells
        .iter()
        .filter(measuring)
        .map(|cell| cell.experiment)
        .collect();
    experiments.dedup();
    let mut fits = Vec::new();
    for experiment in experiments {
        let mut own: Vec<_> = cells.iter().filter(measuring).collect();
        own.retain(|cell| cell.experiment == experiment);
        let of = |transport| fit_of(transport, experiment, &own);
        fits.extend(Transport::ALL.into_iter().filter_map(of));
    }
    fits
}

/// The fit of one transport, over its cells and those without readers, in which no transport works.
fn fit_of(transport: Transport, experiment: &str, cells: &[&CellTrials]) -> Option<CostFit> {
    let has_readers = |cell: &CellTrials| cell.all.iter().any(|trial| trial.clients > 0);
    let mut own = cells.to_vec();
    own.retain(|cell| cell.transport == transport || !has_readers(cell));
    if !own.iter().any(|cell| has_readers(cell)) {
        return None;
    }
    let trials: Vec<_> = own
        .iter()
        .flat_map(|cell| cell.usable().iter().copied())
        .collect();
    let fitted = match own.first()?.covers {
        IntervalsCover::Run => costs(transport, &trials),
        IntervalsCover::Runs => costs_over_runs(transport, &trials),
    }?;
    let (post_us, request_us, delivery_us) = match (transport.is_poll(), fitted.costs.as_slice()) {
        (true, [post, request, delivery]) => (*post, Some(*request), *delivery),
        (false, [post, delivery]) => (*post, None, *delivery),
        _ => return None,
    };
    let mut fit = CostFit {
        experiment: experiment.into(),
        transport,
        post_us,
        request_us,
        delivery_us,
        r_squared: fitted.r_squared,
        cells: Vec::new(),
    };
    fit.cells = own.iter().filter_map(|cell| means(cell, &fit)).collect();
    Some(fit)
}

fn means(cell: &CellTrials, fit: &CostFit) -> Option<CostCell> {
    let measured: Vec<_> = cell
        .usable()
        .iter()
        .filter(|trial| trial.server.cpu_us.is_some())
        .collect();
    let mean = |of: &dyn Fn(&Trial) -> f64| {
        let sum: f64 = measured.iter().map(|trial| of(trial)).sum();
        (!measured.is_empty()).then(|| sum / measured.len() as f64)
    };
    let posts = mean(&|trial| trial.published as f64)?;
    let requests = mean(&|trial| trial.requests as f64)?;
    let deliveries = mean(&|trial| trial.received as f64)?;
    let request_us = fit.request_us.map_or(0.0, |cost| cost.value);
    Some(CostCell {
        level: cell.level.cloned(),
        posts,
        requests,
        deliveries,
        cpu_us: mean(&|trial| trial.server.cpu_us.unwrap_or_default())?,
        fitted_us: fit.post_us.value * posts
            + request_us * requests
            + fit.delivery_us.value * deliveries,
    })
}

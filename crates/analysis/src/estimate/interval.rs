//! The 95 % interval of an estimate: from the spread of the sampling units, and never narrower than
//! the resolution of what was measured.

use crate::{
    cell_trials::CellTrials,
    metric::{Metric, Quantity, Statistic},
    samples::Samples,
    stats::around,
};

/// The interval of an estimate `value`, from the metric's values in the sampling `units`. `None` of too
/// few units.
pub fn interval(cell: &CellTrials, metric: Metric, value: f64, units: &[f64]) -> Option<[f64; 2]> {
    let [low, high] = around(value, units, 0.95)?;
    Some(match resolution(cell, metric, value) {
        Some([least, most]) => [low.min(least), high.max(most)],
        None => [low, high],
    })
}

/// The values that the measurement does not tell apart from an estimate `value`. For a quantile, its
/// bucket of the histogram. For a count, half a count a trial to both sides, spread as the value is: a
/// rate of requests over clients and seconds. `None` for a mean of times or of costs, which has no
/// steps.
pub fn resolution(cell: &CellTrials, metric: Metric, value: f64) -> Option<[f64; 2]> {
    let samples = cell.valid.first()?.samples_of(metric);
    match samples {
        Some((_, Statistic::Quantile(_))) => {
            Some(Samples::bucket(value as u64).map(|end| end as f64))
        }
        Some((_, Statistic::Mean | Statistic::Max)) => None,
        None => of_count(cell, metric, value),
    }
}

fn of_count(cell: &CellTrials, metric: Metric, value: f64) -> Option<[f64; 2]> {
    let trials = cell.valid.iter();
    let halves: Vec<_> = trials
        .filter_map(|trial| trial.half_a_count(metric))
        .collect();
    let half = super::cell_estimate::mean(&halves)?;
    let most = match metric.quantity() {
        Quantity::Share => 1.0,
        _ => f64::INFINITY,
    };
    Some([(value - half).max(0.0), (value + half).min(most)])
}

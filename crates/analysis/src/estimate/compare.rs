//! Comparisons of transports, paired by block.

use std::collections::BTreeMap;

use crate::{
    cell_trials::{CellTrials, paired_by_block},
    cost,
    metric::Metric,
    results::Comparison,
    scenario::{Experiment, Level},
    stats::{RatioEstimate, paired_ratio},
};

/// The metrics by which two cells are compared where any message was due.
const WITH_MESSAGES: [Metric; 3] = [
    Metric::MEAN,
    Metric::IpBytesPerMessage,
    Metric::CpuPerDelivery,
];
/// The metrics by which two idle cells are compared.
const IN_SILENCE: [Metric; 1] = [Metric::IpBytesPerS];

/// Every pair of transports of an experiment at each level, and each cell against its control
/// (A/A).
pub fn all(
    cells: &[CellTrials],
    controls: &[CellTrials],
    experiments: &BTreeMap<String, Experiment>,
) -> Vec<Comparison> {
    let mut all = Vec::new();
    for (place, a) in cells.iter().enumerate() {
        for b in &cells[place + 1..] {
            if a.transport != b.transport && a.experiment == b.experiment {
                all.extend(pair(a, b));
            }
        }
    }
    let against = |cell| against_control(cell, controls, experiments);
    all.extend(cells.iter().flat_map(against));
    all
}

/// Nothing where the levels of the two cells differ.
fn pair(a: &CellTrials, b: &CellTrials) -> Vec<Comparison> {
    let Some(level) = common_level(a.level, b.level) else {
        return Vec::new();
    };
    let metrics: &[Metric] = match a.has_messages() || b.has_messages() {
        true => &WITH_MESSAGES,
        false => &IN_SILENCE,
    };
    let of = |metric: &Metric| {
        let found = paired_ratio(&paired_by_block(a, b, *metric));
        let labels = [a.transport.name(), b.transport.name()];
        comparison(a.experiment, level, *metric, labels, found)
    };
    let has_latencies = !cost::is_measured_by(a.experiment);
    let shown = metrics
        .iter()
        .filter(|metric| has_latencies || **metric != Metric::MEAN);
    shown.map(of).collect()
}

/// The comparisons of a cell with its control, in the metrics that the experiment names; none where
/// it has no control. Trials in which the server stalled are left out: a stall is a result, and says
/// nothing about the instruments.
fn against_control(
    cell: &CellTrials,
    controls: &[CellTrials],
    experiments: &BTreeMap<String, Experiment>,
) -> Vec<Comparison> {
    let control = controls
        .iter()
        .find(|control| control.is_control_pair(cell));
    let Some(label) = control.and_then(|control| Some(&control.all.first()?.label)) else {
        return Vec::new();
    };
    let metrics = experiments
        .get(cell.experiment)
        .map_or(vec![Metric::MEAN], |experiment| {
            experiment.control_metrics(cell.transport)
        });
    let [cell, control] = [cell, control.expect("it has a label")].map(CellTrials::without_stalls);
    let compared = |metric| Comparison {
        is_control: true,
        ..comparison(
            cell.experiment,
            cell.level,
            metric,
            [cell.transport.name(), label],
            paired_ratio(&paired_by_block(&cell, &control, metric)),
        )
    };
    metrics.into_iter().map(compared).collect()
}

fn comparison(
    experiment: &str,
    level: Option<&Level>,
    metric: Metric,
    [a, b]: [&str; 2],
    found: Option<RatioEstimate>,
) -> Comparison {
    Comparison {
        experiment: experiment.into(),
        level: level.cloned(),
        metric,
        a: a.into(),
        b: b.into(),
        is_control: false,
        ratio: found.map(|found| found.ratio),
        ci95: found.map(|found| found.ci95),
    }
}

/// The more specific of two levels, if it includes the other; `None` if neither includes the other.
/// A parameter that does not affect a transport is in none of its levels.
fn common_level<'a>(a: Option<&'a Level>, b: Option<&'a Level>) -> Option<Option<&'a Level>> {
    let within = |inner: Option<&Level>, outer: Option<&Level>| {
        outer.map_or(inner.is_none(), |outer| outer.contains(inner))
    };
    match (within(b, a), within(a, b)) {
        (true, _) => Some(a),
        (false, true) => Some(b),
        (false, false) => None,
    }
}

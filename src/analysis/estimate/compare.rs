//! Transports against each other, block by block.

use super::{
    cells::{Cell, is_again},
    per_trial,
};
use crate::analysis::{
    results::{Comparison, Trial},
    scenario::Level,
    stats::{Ratio, ratio},
};

const LATENCY: &str = "delivery_mean_us";
/// What cells are compared by; the last where no message was due, the others where any was.
const WITH_MESSAGES: [&str; 3] = [
    LATENCY,
    "ip_bytes_per_message",
    "server_cpu_us_per_delivery",
];
const IN_SILENCE: [&str; 1] = ["ip_bytes_per_s"];

/// Every pair of transports of an experiment at each level, and the A/A cell.
pub fn all(cells: &[Cell], trials: &[Trial]) -> Vec<Comparison> {
    let mut all = Vec::new();
    for (place, a) in cells.iter().enumerate() {
        for b in &cells[place + 1..] {
            if a.transport != b.transport && a.experiment == b.experiment {
                all.extend(pair(a, b));
            }
        }
    }
    all.extend(cells.iter().filter_map(|cell| again(cell, trials)));
    all
}

/// Nothing where the two are at different levels.
fn pair(a: &Cell, b: &Cell) -> Vec<Comparison> {
    let Some(level) = common(a.level, b.level) else {
        return Vec::new();
    };
    let metrics: &[&str] = match a.has_messages() || b.has_messages() {
        true => &WITH_MESSAGES,
        false => &IN_SILENCE,
    };
    let of = |metric: &&str| {
        let found = ratio(&blocks(&a.valid(), &b.valid(), metric));
        let labels = [a.transport.name(), b.transport.name()];
        comparison(a.experiment, level, metric, labels, found)
    };
    metrics.iter().map(of).collect()
}

/// The A/A cell's comparison, for a cell that ran under two labels.
fn again(cell: &Cell, trials: &[Trial]) -> Option<Comparison> {
    let twins: Vec<_> = trials
        .iter()
        .filter(|trial| is_again(trial) && cell.holds(trial))
        .collect();
    let label = &twins.first()?.label;
    let valid: Vec<_> = twins
        .iter()
        .copied()
        .filter(|trial| trial.void.is_none())
        .collect();
    let found = ratio(&blocks(&cell.valid(), &valid, LATENCY));
    let labels = [cell.transport.name(), label];
    let comparison = comparison(cell.experiment, cell.level, LATENCY, labels, found);
    Some(Comparison {
        ci99_9: found.map(|found| found.ci99_9),
        ..comparison
    })
}

fn comparison(
    experiment: &str,
    level: Option<&Level>,
    metric: &str,
    [a, b]: [&str; 2],
    found: Option<Ratio>,
) -> Comparison {
    Comparison {
        experiment: experiment.into(),
        level: level.cloned(),
        metric: metric.into(),
        a: a.into(),
        b: b.into(),
        ratio: found.map(|found| found.ratio),
        ci95: found.map(|found| found.ci95),
        ci99_9: None,
    }
}

/// The more specific of two levels, where the other says nothing else: a parameter that does not
/// concern a transport is in none of its levels.
fn common<'a>(a: Option<&'a Level>, b: Option<&'a Level>) -> Option<Option<&'a Level>> {
    let within = |inner: Option<&Level>, outer: Option<&Level>| {
        outer.map_or(inner.is_none(), |outer| outer.holds(inner))
    };
    match (within(b, a), within(a, b)) {
        (true, _) => Some(a),
        (false, true) => Some(b),
        (false, false) => None,
    }
}

/// The two values of each block that has both; the repetition is the block.
fn blocks(a: &[&Trial], b: &[&Trial], metric: &str) -> Vec<(f64, f64)> {
    let of = |trial: &Trial| match metric {
        LATENCY => trial.delivery_us.mean,
        metric => per_trial::find(metric).and_then(|metric| (metric.of)(trial)),
    };
    let partner = |one: &Trial| b.iter().find(|other| other.repetition == one.repetition);
    let both = |one: &&Trial| Some((of(one)?, of(partner(one)?)?));
    a.iter().filter_map(both).collect()
}

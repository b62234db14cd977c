//! Transports against each other, block by block.

use crate::{
    cells::{Cell, blocks},
    metric::Metric,
    results::Comparison,
    scenario::Level,
    stats::{Ratio, ratio},
};

/// What cells are compared by; the last where no message was due, the others where any was.
const WITH_MESSAGES: [Metric; 3] = [
    Metric::MEAN,
    Metric::IpBytesPerMessage,
    Metric::CpuPerDelivery,
];
const IN_SILENCE: [Metric; 1] = [Metric::IpBytesPerS];

/// Every pair of transports of an experiment at each level, and the A/A cell against its control.
pub fn all(cells: &[Cell], controls: &[Cell]) -> Vec<Comparison> {
    let mut all = Vec::new();
    for (place, a) in cells.iter().enumerate() {
        for b in &cells[place + 1..] {
            if a.transport != b.transport && a.experiment == b.experiment {
                all.extend(pair(a, b));
            }
        }
    }
    all.extend(cells.iter().filter_map(|cell| again(cell, controls)));
    all
}

/// Nothing where the two are at different levels.
fn pair(a: &Cell, b: &Cell) -> Vec<Comparison> {
    let Some(level) = common(a.level, b.level) else {
        return Vec::new();
    };
    let metrics: &[Metric] = match a.has_messages() || b.has_messages() {
        true => &WITH_MESSAGES,
        false => &IN_SILENCE,
    };
    let of = |metric: &Metric| {
        let found = ratio(&blocks(a, b, *metric));
        let labels = [a.transport.name(), b.transport.name()];
        comparison(a.experiment, level, *metric, labels, found)
    };
    metrics.iter().map(of).collect()
}

/// The A/A cell's comparison, for a cell that ran under two labels.
fn again(cell: &Cell, controls: &[Cell]) -> Option<Comparison> {
    let twin = controls.iter().find(|control| control.is_twin_of(cell))?;
    let found = ratio(&blocks(cell, twin, Metric::MEAN));
    let labels = [cell.transport.name(), &twin.run.first()?.label];
    let comparison = comparison(cell.experiment, cell.level, Metric::MEAN, labels, found);
    Some(Comparison {
        is_control: true,
        ci99_9: found.map(|found| found.ci99_9),
        ..comparison
    })
}

fn comparison(
    experiment: &str,
    level: Option<&Level>,
    metric: Metric,
    [a, b]: [&str; 2],
    found: Option<Ratio>,
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

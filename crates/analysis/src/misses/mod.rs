//! Theory against measurement: how many estimates theory misses, and what explains the misses.
//!
//! A miss is an estimate whose 95 % interval does not hold theory's value. One estimate in twenty is
//! missed by chance even where theory is true.

mod explain;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::{
    cell_trials::{CellTrials, group},
    cost::SendCosts,
    metric::Metric,
    results::{Estimate, Results},
};
use explain::Cells;
pub use explain::{Explanation, MOST_PUSH_PROCESSING_US, SCHEDULE_ERRORS};

/// The share of estimates that chance alone lets miss a true theory.
pub const BY_CHANCE: f64 = 0.05;

/// What the metrics of a group have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MetricKind {
    Latency,
    Requests,
    Bytes,
    Segments,
    /// Metrics of which there is no theory.
    Other,
}

/// An estimate that theory misses.
#[derive(Clone, Debug)]
pub struct Miss<'a> {
    pub estimate: &'a Estimate,
    pub value: f64,
    pub ci95: [f64; 2],
    pub theory: f64,
    /// `None`: unexplained.
    pub explanation: Option<Explanation>,
}

/// The estimates of one experiment and kind that have theory and an interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub checked: usize,
    pub explained: usize,
    pub unexplained: usize,
}

impl Count {
    pub fn missed(&self) -> usize {
        self.explained + self.unexplained
    }
}

/// All estimates with theory and an interval, counted, and the misses among them.
#[derive(Clone, Debug, Default)]
pub struct Tally<'a> {
    /// By experiment and kind, in the order of the estimates.
    pub counts: Vec<(&'a str, MetricKind, Count)>,
    pub misses: Vec<Miss<'a>>,
}

impl Tally<'_> {
    pub fn total(&self) -> Count {
        let add = |sum: Count, (_, _, one): &(&str, MetricKind, Count)| Count {
            checked: sum.checked + one.checked,
            explained: sum.explained + one.explained,
            unexplained: sum.unexplained + one.unexplained,
        };
        self.counts.iter().fold(Count::default(), add)
    }
}

/// The kind of a metric.
pub fn kind(metric: Metric) -> MetricKind {
    match metric {
        Metric::Latency(..) => MetricKind::Latency,
        Metric::RequestsPerS | Metric::EmptyShare => MetricKind::Requests,
        Metric::AppBytesPerMessage
        | Metric::IpBytesPerMessage
        | Metric::AppBytesPerS
        | Metric::IpBytesPerS => MetricKind::Bytes,
        Metric::SegmentsPerS => MetricKind::Segments,
        Metric::CpuPerDelivery
        | Metric::CpuPerClientS
        | Metric::PssPerClient
        | Metric::Capacity
        | Metric::CapacityByCpu
        | Metric::CatchUpPerClient
        | Metric::RecoverP50
        | Metric::NoticeP50
        | Metric::NoticedShare
        | Metric::ConnectionsPerRequest => MetricKind::Other,
    }
}

/// Counts the estimates of a campaign that have theory and an interval, and explains the misses.
pub fn tally(results: &Results) -> Tally<'_> {
    let mut cells = group(&results.trials);
    cells.retain(|cell: &CellTrials| !cell.is_control);
    let context = Cells {
        results,
        cells: &cells,
        sends: SendCosts::of(&results.costs),
    };
    let mut places: BTreeMap<(&str, MetricKind), usize> = BTreeMap::new();
    let mut tally = Tally::default();
    for estimate in &results.estimates {
        let Some((value, ci95, theory)) = checked(estimate) else {
            continue;
        };
        let kind = kind(estimate.metric);
        let name = estimate.experiment.as_str();
        let place = *places.entry((name, kind)).or_insert_with(|| {
            tally.counts.push((name, kind, Count::default()));
            tally.counts.len() - 1
        });
        let count = &mut tally.counts[place].2;
        count.checked += 1;
        if (ci95[0]..=ci95[1]).contains(&theory) {
            continue;
        }
        let explanation = context.explanation(estimate, ci95);
        match explanation {
            Some(_) => count.explained += 1,
            None => count.unexplained += 1,
        }
        tally.misses.push(Miss {
            estimate,
            value,
            ci95,
            theory,
            explanation,
        });
    }
    tally
}

/// Value, interval and theory, where all are known.
fn checked(estimate: &Estimate) -> Option<(f64, [f64; 2], f64)> {
    Some((estimate.value?, estimate.ci95?, estimate.theory?))
}

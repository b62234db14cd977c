//! What cannot be said: metrics that two campaigns do not both have a value of.

use analysis::{metric::Metric, results::Estimate, scenario::Level};
use protocol::Transport;

use super::text::cell_words;
use crate::{data::Data, table::marker};

/// One metric of one cell that cannot be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsaid {
    /// The later run's name.
    pub run: String,
    pub experiment: String,
    pub transport: Transport,
    pub level: Option<Level>,
    pub metric: Metric,
    pub why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    OnlyBefore,
    OnlyAfter,
    NoValue,
    LowerBound,
    TooFew,
}

impl Why {
    pub fn words(self) -> &'static str {
        match self {
            Why::OnlyBefore => "only the first campaign has the cell",
            Why::OnlyAfter => "only the later campaign has it",
            Why::NoValue => "a value is unknown: too few valid trials, or too few samples",
            Why::LowerBound => "a value is only a lower bound",
            Why::TooFew => "too few trials for an interval",
        }
    }
}

impl Unsaid {
    pub fn of(run: &str, estimate: &Estimate, why: Why) -> Self {
        Unsaid {
            run: run.to_owned(),
            experiment: estimate.experiment.clone(),
            transport: estimate.transport,
            level: estimate.level.clone(),
            metric: estimate.metric,
            why,
        }
    }

    fn is_in(&self, row: &UnsaidRow) -> bool {
        let of = row.first;
        of.why == self.why
            && of.run == self.run
            && of.experiment == self.experiment
            && of.transport == self.transport
            && of.level == self.level
    }
}

/// What the later campaign has an estimate of, and the first one not.
pub fn only_after(before: &Data, name: &str, after: &Data) -> Vec<Unsaid> {
    let earlier = &before.results.estimates;
    let is_same = |a: &Estimate, b: &Estimate| {
        a.metric == b.metric
            && a.transport == b.transport
            && a.experiment == b.experiment
            && a.level == b.level
    };
    let later = after.results.estimates.iter();
    later
        .filter(|estimate| !earlier.iter().any(|other| is_same(other, estimate)))
        .map(|estimate| Unsaid::of(name, estimate, Why::OnlyAfter))
        .collect()
}

/// The metrics of one cell that cannot be compared for one reason: a row of the page.
pub struct UnsaidRow<'a> {
    pub first: &'a Unsaid,
    metrics: Vec<Metric>,
}

impl UnsaidRow<'_> {
    pub fn cell(&self) -> String {
        cell_words(&self.first.experiment, self.first.level.as_ref())
    }

    pub fn marker(&self) -> String {
        marker(self.first.transport)
    }

    pub fn metrics(&self) -> String {
        let words: Vec<_> = self.metrics.iter().map(|metric| metric.words()).collect();
        words.join("; ")
    }
}

pub fn rows(all: &[Unsaid]) -> Vec<UnsaidRow<'_>> {
    let mut rows: Vec<UnsaidRow> = Vec::new();
    for one in all {
        match rows.iter_mut().find(|row| one.is_in(row)) {
            Some(row) => row.metrics.push(one.metric),
            None => rows.push(UnsaidRow {
                first: one,
                metrics: vec![one.metric],
            }),
        }
    }
    rows
}

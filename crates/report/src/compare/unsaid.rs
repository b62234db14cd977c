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
    NothingMeasured,
    NoValue,
    LowerBound,
    TooFew,
}

impl Why {
    pub fn words(self) -> &'static str {
        match self {
            Why::OnlyBefore => "only the first campaign has the cell",
            Why::OnlyAfter => "only the later campaign has it",
            Why::NothingMeasured => {
                "no trial has a value of it: it does not apply, or is not reported here"
            }
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

#[cfg(test)]
mod tests {
    use protocol::Transport::WebSocket;
    use serde_json::json;

    use super::{
        super::tests::{compared, run},
        *,
    };
    use crate::sample;

    /// The later campaign lacks the cells at d = 0 and the delivery latencies, and has an experiment more.
    #[test]
    fn what_cannot_be_said_is_listed_with_its_reason() {
        let mut later = sample::results(&[
            sample::experiment("latency", &[("one_way_ms", json!([40]))]),
            sample::experiment("rate", &[("rate", json!([5]))]),
        ]);
        later
            .trials
            .iter_mut()
            .filter(|trial| trial.experiment == "latency")
            .for_each(|trial| trial.delivery_us = sample::samples([0; 0]));
        later.estimates = sample::estimates(&later);
        let (comparison, page) = compared(run(), later);
        let has = |experiment: &str, why: Why| {
            let mut all = comparison.unsaid.iter();
            all.any(|one| one.experiment == experiment && one.why == why)
        };
        assert!(has("latency", Why::OnlyBefore) && has("latency", Why::NoValue));
        assert!(has("rate", Why::OnlyAfter));
        let text = comparison.to_string();
        for words in [
            "Noise, no difference shown:",
            "Cannot be said:",
            "latency, only the first campaign has the cell: Mean delivery latency (4 cells)",
            "rate, only the later campaign has it: ",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        for heading in ["What changed", "Noise", "What cannot be said"] {
            assert!(page.contains(&format!("<h2>{heading}</h2>")), "{heading}");
        }
        assert!(page.contains(Why::OnlyBefore.words()));
    }

    /// What was compared and what was not are all estimates of both campaigns.
    #[test]
    fn nothing_is_left_out() {
        let (comparison, page) = compared(run(), run());
        let listed = comparison.changes.len() + comparison.unsaid.len();
        assert_eq!(listed, run().estimates.len());
        assert!(comparison.to_string().contains("Changed: nothing"));
        assert_eq!(page.matches("<section>").count(), 3);
    }

    /// Push sends no poll that could be empty.
    #[test]
    fn what_does_not_apply_is_told_from_what_is_unknown() {
        let mut run = run();
        let push = run.estimates.iter().find(|one| one.transport == WebSocket);
        let empty_share = Estimate {
            metric: Metric::EmptyShare,
            value: None,
            ci95: None,
            ..push.unwrap().clone()
        };
        run.estimates.push(empty_share);
        let (comparison, _) = compared(run.clone(), run);
        let whys: Vec<_> = comparison.unsaid.iter().map(|one| one.why).collect();
        assert_eq!(whys, [Why::NothingMeasured]);
    }
}

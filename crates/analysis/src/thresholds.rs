//! Whether the cells of a campaign reached the thresholds of its scenario.
//!
//! The value and the end of its 95 % interval that is nearest to the threshold, or beyond it, decide:
//! see [`Verdict`]. A longest latency has no interval, and its value alone decides, for this campaign.

use crate::{
    cell_trials::{CellTrials, group},
    estimate,
    metric::{Metric, Statistic},
    results::{Estimate, Results, ThresholdRecord, Verdict},
    scenario::{Experiment, PlannedCell, Threshold},
};

/// Judges every threshold at every planned cell of its transport, in the order of the plan. The
/// trials are judged already, and the results have their estimates.
pub fn judge(results: &Results) -> Vec<ThresholdRecord> {
    let cells = group(&results.trials);
    let names = results.scenario.experiments.keys();
    let experiments = names.filter_map(|name| results.experiment(name));
    experiments
        .flat_map(|experiment| of_experiment(&experiment, results, &cells))
        .collect()
}

fn of_experiment(
    experiment: &Experiment,
    results: &Results,
    cells: &[CellTrials],
) -> Vec<ThresholdRecord> {
    let mut records = Vec::new();
    if experiment.pass.is_empty() {
        return records;
    }
    for planned in experiment.cells().unwrap_or_default() {
        let cell = cells.iter().find(|cell| is_of(cell, experiment, &planned));
        for (metric, threshold) in experiment.pass.of(planned.transport) {
            let found = cell.and_then(|cell| estimate::of_cell(results, cell, metric));
            records.push(record(&planned, metric, threshold, found));
        }
    }
    records
}

fn is_of(cell: &CellTrials, experiment: &Experiment, planned: &PlannedCell) -> bool {
    !cell.is_control
        && cell.experiment == experiment.name
        && cell.transport == planned.transport
        && cell.level == planned.level.as_ref()
}

fn record(
    planned: &PlannedCell,
    metric: Metric,
    threshold: Threshold,
    found: Option<Estimate>,
) -> ThresholdRecord {
    ThresholdRecord {
        experiment: planned.settings.name.clone(),
        transport: planned.transport,
        level: planned.level.clone(),
        metric,
        condition: threshold.to_string(),
        value: found.as_ref().and_then(|found| found.value),
        ci95: found.as_ref().and_then(|found| found.ci95),
        censored: found.as_ref().is_some_and(|found| found.censored),
        verdict: found.map_or(Verdict::Undecided, |found| verdict(threshold, &found)),
    }
}

fn verdict(threshold: Threshold, found: &Estimate) -> Verdict {
    let Some(value) = found.value else {
        return Verdict::Undecided;
    };
    if found.censored {
        return of_lower_bound(threshold, value);
    }
    let has_no_interval = matches!(found.metric, Metric::Latency(_, Statistic::Max));
    match found.ci95 {
        _ if !threshold.holds(value) => Verdict::Failed,
        Some(ends) if ends.iter().all(|end| threshold.holds(*end)) => Verdict::Passed,
        None if has_no_interval => Verdict::Passed,
        Some(_) | None => Verdict::Undecided,
    }
}

/// The quantity is at least this much: enough where that is asked for, too much where less is.
fn of_lower_bound(threshold: Threshold, value: f64) -> Verdict {
    match (threshold.asks_for_more(), threshold.holds(value)) {
        (true, true) => Verdict::Passed,
        (false, false) => Verdict::Failed,
        (true, false) | (false, true) => Verdict::Undecided,
    }
}

#[cfg(test)]
mod tests {
    use protocol::Transport;
    use serde_json::json;

    use super::*;
    use crate::estimate::sample::{control, results_of, trial};

    /// Three trials of server-sent events with this mean latency, and a control that is slower.
    fn campaign(mean_us: u64, pass: serde_json::Value) -> Results {
        let both = |repetition| {
            let one = |mean_us| trial(Transport::Sse, repetition, mean_us);
            [one(mean_us), control(one(9 * mean_us))]
        };
        let mut results = results_of((0..3).flat_map(both).collect());
        results.scenario.experiments["example"]["pass"] = pass;
        let experiment = results.experiment("example").unwrap();
        let by_name = [("example".to_owned(), experiment)].into();
        let outcome = estimate::estimate(&results.trials, &by_name).unwrap();
        results.estimates = outcome.estimates;
        results
    }

    #[test]
    fn every_planned_cell_is_judged_and_no_control() {
        let pass = json!({
            "sse": { "delivery_mean_us": "< 50ms", "connections_per_request": "< 0.1" },
            "websocket": { "delivery_mean_us": "< 50ms" },
        });
        let found = judge(&campaign(40_000, pass));
        let shown = found.iter().map(|one| {
            let metric = one.metric.name();
            (one.transport, metric, one.condition.as_str(), one.verdict)
        });
        let expected = [
            (
                Transport::Sse,
                "delivery_mean_us",
                "< 50ms",
                Verdict::Passed,
            ),
            (
                Transport::Sse,
                "connections_per_request",
                "< 0.1",
                Verdict::Failed,
            ),
            // It was planned, and never ran.
            (
                Transport::WebSocket,
                "delivery_mean_us",
                "< 50ms",
                Verdict::Undecided,
            ),
        ];
        assert!(shown.eq(expected), "{found:?}");
        assert_eq!(found[0].value, Some(40_000.0));
        assert_eq!(judge(&campaign(40_000, json!({}))), []);
    }

    fn found(metric: Metric, value: Option<f64>, ci95: Option<[f64; 2]>) -> Estimate {
        Estimate {
            experiment: "example".into(),
            transport: Transport::WebSocket,
            level: None,
            metric,
            value,
            ci95,
            theory: None,
            censored: false,
        }
    }

    #[test]
    fn the_value_and_the_unfavourable_end_decide() {
        use Verdict::{Failed, Passed, Undecided};
        for (text, value, ci95, expected) in [
            ("< 50ms", 40e3, Some([30e3, 49e3]), Passed),
            ("< 50ms", 40e3, Some([30e3, 51e3]), Undecided),
            ("< 50ms", 51e3, Some([45e3, 60e3]), Failed),
            ("< 50ms", 60e3, Some([55e3, 65e3]), Failed),
            ("> 50ms", 60e3, Some([55e3, 65e3]), Passed),
            ("> 50ms", 60e3, Some([45e3, 65e3]), Undecided),
            ("< 50ms", 40e3, None, Undecided),
            ("< 50ms", 51e3, None, Failed),
        ] {
            let threshold = Threshold::parse(text, Metric::P99).unwrap();
            let estimate = found(Metric::P99, Some(value), ci95);
            assert_eq!(verdict(threshold, &estimate), expected, "{text} {value}");
        }
        let threshold = Threshold::parse("< 50ms", Metric::P99).unwrap();
        let unknown = found(Metric::P99, None, None);
        assert_eq!(verdict(threshold, &unknown), Undecided);
    }

    #[test]
    fn a_longest_latency_is_judged_by_its_value() {
        let threshold = Threshold::parse("< 50ms", Metric::MAX).unwrap();
        let of = |value| verdict(threshold, &found(Metric::MAX, Some(value), None));
        assert_eq!([of(49e3), of(51e3)], [Verdict::Passed, Verdict::Failed]);
    }

    #[test]
    fn a_lower_bound_shows_only_that_there_is_enough_or_too_much() {
        let of = |text: &str| {
            let estimate = Estimate {
                censored: true,
                ..found(Metric::Capacity, Some(20_000.0), None)
            };
            verdict(Threshold::parse(text, Metric::Capacity).unwrap(), &estimate)
        };
        assert_eq!(of("> 10000"), Verdict::Passed);
        assert_eq!(of("> 30000"), Verdict::Undecided);
        assert_eq!(of("< 30000"), Verdict::Undecided);
        assert_eq!(of("< 10000"), Verdict::Failed);
    }
}

use analysis::{
    metric::Metric,
    results::{IntervalsCover, Trial},
};
use protocol::Transport::{ShortPoll, WebSocket};
use serde_json::json;

use crate::{ratio::Ratio, sample};

use super::*;

pub fn run() -> Results {
    sample::results(&[sample::experiment(
        "latency",
        &[("one_way_ms", json!([0, 40]))],
    )])
}

pub fn compared(a: Results, b: Results) -> (RunComparison, String) {
    let folder = tempfile::tempdir().unwrap();
    let runs = [("one".to_owned(), a), ("two <b>".to_owned(), b)];
    let comparison = compare(&runs).unwrap();
    let page = fs::read_to_string(write(&comparison, folder.path()).unwrap()).unwrap();
    if !regressions(&comparison, 0.0).is_empty() {
        // Kept for inspection, like the sample of the report.
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tmp/report-sample");
        fs::create_dir_all(&kept).unwrap();
        fs::write(kept.join("compare.html"), &page).unwrap();
    }
    (comparison, page)
}

#[test]
fn a_run_does_not_differ_from_itself() {
    let (comparison, page) = compared(run(), run());
    assert!(comparison.changes.len() > 50);
    assert!(
        comparison
            .changes
            .iter()
            .all(|change| change.kind == ChangeKind::Noise)
    );
    assert!(regressions(&comparison, 0.0).is_empty());
    assert!(page.contains("No change is larger than noise") && page.contains("two &#60;b&#62;"));
}

#[test]
fn what_costs_more_is_worse_and_what_costs_less_is_better() {
    let mut expensive = run();
    for trial in &mut expensive.trials {
        trial.server.cpu_us = trial.server.cpu_us.map(|cpu| cpu * 1.3);
    }
    expensive.estimates = sample::estimates(&expensive);
    let metric = Metric::CpuPerDelivery;
    let (comparison, _) = compared(run(), expensive.clone());
    let found = regressions(&comparison, 0.1);
    assert_eq!(found.len(), 8);
    assert!(
        found
            .iter()
            .all(|change| change.metric == metric && change.kind == ChangeKind::Worse)
    );
    assert!(regressions(&comparison, 0.5).is_empty());
    assert!(comparison.to_string().contains("8 worse, 0 better"));
    let (comparison, _) = compared(expensive, run());
    assert!(regressions(&comparison, 0.0).is_empty());
    assert!(comparison.to_string().contains("0 worse, 8 better"));
}

#[test]
fn less_capacity_is_worse() {
    let less = Effect::Ratio(Ratio {
        value: 0.5,
        interval: [0.4, 0.6],
    });
    assert_eq!(ChangeKind::of(Metric::Capacity, less), ChangeKind::Worse);
    assert_eq!(ChangeKind::of(Metric::MEAN, less), ChangeKind::Better);
}

#[test]
fn other_conditions_and_invalid_runs_are_noted() {
    let mut other = run();
    other.valid = false;
    other.reasons = vec!["The A/A cell differs.".into()];
    other.environment.build_profile = "debug".into();
    let (comparison, page) = compared(run(), other);
    assert_eq!(comparison.notes.len(), 2);
    assert!(page.contains("build release → debug"));
}

#[test]
fn one_run_alone_is_refused() {
    assert!(compare(&[("one".to_owned(), run())]).is_err() && compare(&[]).is_err());
}

/// The change of one metric of short polling, from a run to the same with its trials changed.
fn change_of(metric: Metric, change: impl Fn(&mut Trial)) -> (RunComparison, Change) {
    let mut later = run();
    later.trials.iter_mut().for_each(change);
    later.estimates = sample::estimates(&later);
    let (comparison, _) = compared(run(), later);
    let is = |change: &&Change| change.metric == metric && change.transport == ShortPoll;
    let found = comparison.changes.iter().find(is).unwrap().clone();
    (comparison, found)
}

#[test]
fn shares_differ_in_percentage_points() {
    let (comparison, found) = change_of(Metric::EmptyShare, |trial| {
        trial.empty = (trial.empty + trial.requests / 10).min(trial.requests);
    });
    assert_eq!(found.kind, ChangeKind::Worse);
    assert!((found.worsening() - 0.1).abs() < 0.02, "{found:?}");
    let text = found.effect_text();
    assert!(
        text.starts_with('+') && text.contains("percentage points (+"),
        "{text}"
    );
    assert!(!regressions(&comparison, 0.05).is_empty());
    assert!(regressions(&comparison, 0.15).is_empty());
}

#[test]
fn a_share_that_was_zero_has_no_factor() {
    let none = |trial: &mut Trial| trial.empty = 0;
    let mut earlier = run();
    earlier.trials.iter_mut().for_each(none);
    earlier.estimates = sample::estimates(&earlier);
    let (comparison, page) = compared(earlier, run());
    let shares = comparison
        .changes
        .iter()
        .filter(|change| change.metric == Metric::EmptyShare);
    let shares: Vec<_> = shares
        .filter(|change| change.transport == ShortPoll)
        .collect();
    assert!(!shares.is_empty());
    for change in shares {
        assert!(
            (change.worsening() - change.after).abs() < 0.05,
            "{change:?}"
        );
    }
    assert!(!page.contains("inf") && !page.contains("NaN"));
}

/// WebSockets send no request: that they begin to is a regression, however small.
#[test]
fn growth_from_zero_is_a_regression_and_never_a_division() {
    let mut later = run();
    for trial in &mut later.trials {
        if trial.transport == WebSocket {
            trial.requests = 500;
        }
    }
    later.estimates = sample::estimates(&later);
    let (comparison, _) = compared(run(), later);
    let found = regressions(&comparison, 10.0);
    let requests = found
        .iter()
        .filter(|change| change.metric == Metric::RequestsPerS);
    assert_eq!(requests.count(), 2, "{found:?}");
    assert!(
        found[0].effect_text().starts_with('+'),
        "{}",
        found[0].effect_text()
    );
}

/// Equal trials have no spread: the rates differ by less than a request, and the medians are in
/// neighbouring buckets.
#[test]
fn differences_below_the_resolution_are_noise() {
    let steady = |requests, latency| {
        let mut steady = run();
        for trial in &mut steady.trials {
            trial.requests = requests;
            trial.delivery_us = sample::samples([latency; 1_000]);
        }
        steady.estimates = sample::estimates(&steady);
        steady
    };
    let (comparison, _) = compared(steady(2_000, 40_000), steady(2_001, 40_030));
    for change in &comparison.changes {
        let is_resolved = ![Metric::RequestsPerS, Metric::P50].contains(&change.metric);
        assert!(is_resolved || change.kind == ChangeKind::Noise, "{change}");
    }
}

/// The same trials as those of `count` runs, each slower than the one before by `step`.
fn several(count: u32, step: f64) -> Results {
    let mut results = run();
    let trials = std::mem::take(&mut results.trials);
    for run in 0..count {
        results.trials.extend(trials.iter().cloned().map(|trial| {
            let factor = 1.0 + step * f64::from(run);
            let mut trial = Trial { run, ..trial };
            trial.server.cpu_us = trial.server.cpu_us.map(|cpu| cpu * factor);
            trial
        }));
    }
    results.intervals_cover = IntervalsCover::of(&results.trials);
    results.estimates = sample::estimates(&results);
    results
}

#[test]
fn a_change_says_which_level_it_covers() {
    let covers = |comparison: &RunComparison, level| {
        let mut changes = comparison.changes.iter();
        changes.all(|change| change.covers == level)
    };
    let (single, _) = compared(run(), run());
    assert!(covers(&single, IntervalsCover::Run) && single.notes.is_empty());
    assert!(single.summary().contains("within a run only"));
    assert!(!single.summary().contains("By chance alone"));
    let (both, _) = compared(several(3, 0.2), several(4, 0.2));
    assert!(covers(&both, IntervalsCover::Runs) && both.notes.is_empty());
    assert!(both.summary().contains("By chance alone about"));
    for pair in [[several(3, 0.2), run()], [run(), several(3, 0.2)]] {
        let [a, b] = pair;
        let (mixed, _) = compared(a, b);
        assert!(covers(&mixed, IntervalsCover::Runs));
        assert_eq!(mixed.notes.len(), 1);
        assert!(
            mixed.notes[0].contains("stands for both"),
            "{:?}",
            mixed.notes
        );
    }
}

/// CPU times that vary by 20 % from run to run: a run that is a third more expensive is no news.
#[test]
fn what_varies_between_runs_is_noise() {
    let cpu = |comparison: &RunComparison| {
        let mut changes = comparison.changes.iter();
        let is = |change: &&Change| change.metric == Metric::CpuPerDelivery;
        changes.find(is).unwrap().kind
    };
    let dearer = |mut results: Results| {
        for trial in &mut results.trials {
            trial.server.cpu_us = trial.server.cpu_us.map(|cpu| cpu * 1.33);
        }
        results.estimates = sample::estimates(&results);
        results
    };
    let (single, _) = compared(run(), dearer(run()));
    assert_eq!(cpu(&single), ChangeKind::Worse);
    let (against_runs, _) = compared(several(3, 0.2), dearer(run()));
    assert_eq!(cpu(&against_runs), ChangeKind::Noise);
}

use analysis::metric::Metric;
use serde_json::json;

use crate::sample;

use super::*;

fn run() -> Results {
    sample::results(&[sample::experiment(
        "latency",
        &[("one_way_ms", json!([0, 40]))],
    )])
}

fn compared(a: Results, b: Results) -> (RunComparison, String) {
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
    let less = Ratio {
        value: 0.5,
        interval: [0.4, 0.6],
    };
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

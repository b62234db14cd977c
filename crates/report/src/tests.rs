//! The whole page, of complete runs and of damaged ones.

use std::{fs, path::Path};

use analysis::results::{InvalidKind, Invalidity, Reason, Results};
use serde_json::json;

use super::{render, sample};

fn invalid(reason: &str) -> Option<Invalidity> {
    Invalidity::of(vec![Reason::new(InvalidKind::Fault, reason)])
}

fn page(results: &Results) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = render(results, folder.path()).unwrap();
    let text = fs::read_to_string(path).unwrap();
    (folder, text)
}

fn small() -> Results {
    sample::results(&[
        sample::experiment("latency", &[("one_way_ms", json!([0, 40]))]),
        sample::experiment("rate", &[("rate", json!([0.2, 5, 50]))]),
    ])
}

/// The page is kept in `target/tmp/report-sample` for inspection.
#[test]
fn a_run_of_everything_is_one_page_that_fetches_nothing() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tmp/report-sample");
    let results = sample::everything();
    let path = render(&results, &folder).unwrap();
    let text = fs::read_to_string(path).unwrap();
    assert!(text.len() < 2_000_000, "{} bytes", text.len());
    for foreign in ["<script", "src=", "url(", "@import"] {
        assert!(!text.contains(foreign), "{foreign}");
    }
    for name in results.scenario.experiments.keys() {
        assert!(
            text.contains(&format!("<section id=\"experiment-{name}\">")),
            "{name}"
        );
    }
    assert!(text.contains("A processor &#60;of&#62; 2 GHz &#38; more"));
}

#[test]
fn every_figure_has_its_alternative_and_its_csv() {
    let (folder, text) = page(&small());
    let links: Vec<_> = text
        .split("href=\"")
        .filter_map(|part| part.split_once(".csv\""))
        .collect();
    assert_eq!(links.len(), text.matches("<figure>").count());
    assert_eq!(links.len(), text.matches("<svg viewBox=\"0 0 3040").count());
    for (name, _) in links {
        let csv = fs::read_to_string(folder.path().join(format!("{name}.csv"))).unwrap();
        let width = csv.lines().next().unwrap().split(',').count();
        assert!(csv.lines().count() > 2, "{name}");
        assert!(
            csv.lines()
                .filter(|line| !line.contains('"'))
                .all(|line| line.split(',').count() == width)
        );
    }
}

#[test]
fn the_page_of_an_invalid_run_begins_with_a_notice() {
    let mut results = small();
    results.valid = false;
    results.reasons = vec!["The <A/A> cell differs.".into()];
    results.trials[0].invalidity = invalid("steal time of 3 %");
    results.scenario.planned_trials += 7;
    let (_folder, text) = page(&results);
    let (notice, summary) = (
        text.find("This campaign is not valid").unwrap(),
        text.find("<h2>Summary</h2>").unwrap(),
    );
    assert!(notice < summary);
    assert!(text.contains("The &#60;A/A&#62; cell differs."));
    assert!(text.contains("steal time of 3 %") && text.contains("The run was interrupted"));
}

#[test]
fn missing_data_do_not_break_the_page() {
    let mut results = small();
    results.comparisons.clear();
    results
        .estimates
        .iter_mut()
        .for_each(|estimate| (estimate.value, estimate.ci95) = (None, None));
    page(&results);
    results.estimates.clear();
    results.trials.iter_mut().for_each(|trial| {
        trial.invalidity = invalid("for a test");
        trial.delivery_us.hdr = "damaged".into();
        trial.one_way_us = None;
    });
    page(&results);
    results.trials.clear();
    let (_folder, text) = page(&results);
    assert!(text.contains("No trial has been run"));
    results.scenario.experiments.clear();
    page(&results);
}

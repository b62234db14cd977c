//! The whole page, of complete runs and of damaged ones.

use std::{fs, path::Path};

use analysis::results::{InvalidKind, Invalidity, Reason, Results};
use serde_json::json;

use super::{Cover, render, sample};

fn invalid(reason: &str) -> Option<Invalidity> {
    Invalidity::of(vec![Reason::new(InvalidKind::Fault, reason)])
}

fn page(results: &Results) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = render(results, &Cover::default(), folder.path()).unwrap();
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
    let path = render(&results, &Cover::default(), &folder).unwrap();
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

/// What stands between two marks, each time.
fn between<'a>(text: &'a str, open: &'a str, close: &'a str) -> Vec<&'a str> {
    let parts = text.split(open).skip(1);
    parts
        .filter_map(|part| Some(part.split_once(close)?.0))
        .collect()
}

#[test]
fn every_figure_has_its_number_its_link_and_its_files() {
    let (folder, text) = page(&small());
    let slugs = between(&text, "<figure id=\"figure-", "\"");
    let mut distinct = slugs.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), slugs.len(), "{slugs:?}");
    assert_eq!(
        slugs.len(),
        text.matches("<svg viewBox=\"0 0 1920 ").count()
    );
    for (place, slug) in slugs.iter().enumerate() {
        let link = format!("<a href=\"#figure-{slug}\">Figure {}</a>", place + 1);
        assert!(text.contains(&link), "{link}");
        assert!(text.contains(&format!("href=\"{slug}.svg\"")), "{slug}");
        let svg = fs::read_to_string(folder.path().join(format!("{slug}.svg"))).unwrap();
        assert!(
            svg.starts_with("<svg xmlns=") && !svg.contains("href"),
            "{slug}"
        );
        assert!(svg.len() < 60_000, "{slug}: {} bytes", svg.len());
    }
}

#[test]
fn every_figure_of_data_has_its_csv() {
    let (folder, text) = page(&small());
    let links = between(&text, "> · <a href=\"", ".csv\"");
    let diagrams = text.matches("id=\"figure-model-").count();
    assert_eq!(diagrams, 4);
    assert_eq!(links.len() + diagrams, text.matches("<figure id=").count());
    for name in links {
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
fn a_cover_has_what_is_given_and_blanks_for_the_rest() {
    let (folder, text) = page(&small());
    assert_eq!(text.matches("<span class=\"blank\">").count(), 2);
    assert!(text.contains("22 November 2026"));
    let cover = Cover {
        author: Some("A. <Student>".into()),
        course: None,
    };
    let path = render(&small(), &cover, folder.path()).unwrap();
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains("<dt>Name</dt><dd>A. &#60;Student&#62;</dd>"));
    assert_eq!(text.matches("<span class=\"blank\">").count(), 1);
}

#[test]
fn every_section_is_in_the_contents() {
    let (_folder, text) = page(&small());
    let contents = between(&text, "<nav", "</nav>")[0];
    let sections: Vec<_> = between(&text, "<section", ">")
        .into_iter()
        .filter_map(|tag| between(tag, "id=\"", "\"").first().copied())
        .collect();
    assert!(
        sections.len() > 9 && sections.contains(&"limitations"),
        "{sections:?}"
    );
    for id in sections {
        assert!(contents.contains(&format!("href=\"#{id}\"")), "{id}");
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

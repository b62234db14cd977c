//! The worksheet in print, from synthetic results.

use std::{fs, path::Path};

use analysis::{
    results::Results,
    worksheet::{Parameters, Predictions, WorksheetRecord, questions, scenario},
};

use super::{answers, marking, render_worksheet, sheet};
use crate::{Cover, sample};

/// The made-up student whose sheets are in the repository.
fn ada() -> Parameters {
    Parameters::of(&"ada".parse().unwrap())
}

fn predictions() -> Predictions {
    [("question1.websocket_mean_ms".to_owned(), 7.0)].into()
}

fn measured(parameters: &Parameters) -> Results {
    let scenario = scenario(parameters, predictions()).unwrap();
    Results {
        worksheet: scenario.worksheet,
        seed: parameters.seed,
        ..sample::results(&scenario.experiments)
    }
}

fn page(record: &WorksheetRecord, results: Option<&Results>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = render_worksheet(record, results, &Cover::default(), folder.path()).unwrap();
    fs::read_to_string(path).unwrap()
}

#[test]
fn the_sheet_asks_and_tells_no_answer() {
    let record = WorksheetRecord {
        parameters: ada(),
        predictions: Predictions::new(),
    };
    let (page, markdown) = (page(&record, None), sheet(&ada()));
    for question in questions(&ada()) {
        for asked in &question.asked {
            assert!(
                markdown.contains(&format!("- {}\n", asked.words)),
                "{}",
                asked.words
            );
        }
        let blank = page.matches("class=\"number blank\"").count();
        assert!(blank >= question.asked.len());
        assert!(page.contains(question.title) && markdown.contains(&question.explain));
    }
    assert!(!page.contains("Theory") && !markdown.contains("Reasoning"));
}

#[test]
fn the_report_has_prediction_measurement_and_theory_side_by_side() {
    let results = measured(&ada());
    let record = results.worksheet.clone().unwrap();
    let page = page(&record, Some(&results));
    let row = page.split("WebSocket: mean latency").nth(1).unwrap();
    let row = row.split("</tr>").next().unwrap();
    assert!(row.contains("7\u{a0}ms"), "{row}");
    assert_eq!(row.matches("<td").count(), 3, "{row}");
    assert!(!row.contains("muted"), "it is measured: {row}");
    // Only what is reckoned on paper has no measurement.
    let on_paper = questions(&ada())
        .into_iter()
        .flat_map(|question| question.asked);
    let on_paper = on_paper.filter(|asked| asked.cell.is_none()).count();
    assert_eq!(page.matches("class=\"number muted\"").count(), on_paper);
}

#[test]
fn a_worksheet_stands_if_it_is_valid_and_the_students_own() {
    let mut results = measured(&ada());
    results.valid = true;
    results.reasons.clear();
    let own = results.worksheet.clone().unwrap();
    let stands = |results: &Results| marking(&own, results);
    let found = stands(&results);
    assert!(
        found.stands && found.text.contains("8 marks of 40"),
        "{}",
        found.text
    );
    results.seed += 1;
    let found = stands(&results);
    assert!(
        !found.stands && found.text.contains("its seed is not that of ada"),
        "{}",
        found.text
    );
    results.seed -= 1;
    results.scenario.experiments.remove("rtt");
    assert!(stands(&results).text.contains("experiment rtt"));
    let copied = WorksheetRecord {
        parameters: Parameters {
            student: "bob".parse().unwrap(),
            ..ada()
        },
        predictions: Predictions::new(),
    };
    assert!(marking(&copied, &results).text.contains("not those of bob"));
}

/// `pushlab lab worksheet --student ada --sheet` and `pushlab lab answers --student ada` write them.
#[test]
fn the_sheets_in_the_repository_are_those_of_the_program() {
    let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports");
    for (file, text) in [
        ("WORKSHEET.md", sheet(&ada())),
        ("ANSWERS.md", answers(&ada()) + "\n"),
    ] {
        let committed = fs::read_to_string(reports.join(file)).unwrap();
        assert!(committed == text, "{file} is out of date");
    }
}

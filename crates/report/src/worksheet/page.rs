//! The page of a worksheet, for its template.

use analysis::{
    metric::Quantity,
    results::Results,
    worksheet::{
        MarkedQuantity, MarkedQuestion, Parameters, WorksheetRecord, marked, plain, sizes,
    },
};
use askama::Template;

use super::{
    models::{COLUMNS, MODELS, SIGNS},
    value::{shown, shown_interval},
};
use crate::{Cover, units::residual};

/// A student who gives three digits is at most so far from them.
const ROUNDING: f64 = 5e-4;
/// The lines for an explanation.
const LINES: usize = 6;

#[derive(Template)]
#[template(path = "worksheet.html")]
pub struct WorksheetPage<'a> {
    results: Option<&'a Results>,
    cover: [(&'static str, Option<String>); 3],
    student: String,
    values: [(&'static str, String); 3],
    questions: Vec<QuestionView>,
    signs: &'static [(&'static str, &'static str)],
    columns: &'static [&'static str],
    models: &'static [[&'static str; 4]],
    sizes: Vec<(&'static str, String)>,
    lines: [(); LINES],
}

struct QuestionView {
    number: usize,
    title: &'static str,
    setting: String,
    predict: String,
    rows: Vec<Row>,
    explain: String,
}

/// A number that is asked for.
struct Row {
    words: String,
    /// The prediction, and how far it is from the models.
    predicted: Option<[String; 2]>,
    /// The measurement, and its interval.
    measured: Option<[String; 2]>,
    /// With the measured d and sizes; of what is not measured, by the sheet's sizes.
    theory: String,
}

pub fn page<'a>(
    record: &WorksheetRecord,
    results: Option<&'a Results>,
    cover: &Cover,
) -> WorksheetPage<'a> {
    WorksheetPage {
        cover: results.map_or_else(|| cover.blank(), |results| cover.fields(results)),
        results,
        student: record.parameters.student.to_string(),
        values: values(&record.parameters),
        questions: marked(record, results).into_iter().map(view).collect(),
        signs: &SIGNS,
        columns: &COLUMNS,
        models: &MODELS,
        sizes: sizes(),
        lines: [(); LINES],
    }
}

/// The student's values in words.
pub fn values(parameters: &Parameters) -> [(&'static str, String); 3] {
    [
        ("d", format!("{} ms", plain(parameters.one_way_ms))),
        ("T", format!("{} ms", plain(parameters.interval_ms))),
        ("λ", format!("{} messages a second", plain(parameters.rate))),
    ]
}

fn view(marked: MarkedQuestion) -> QuestionView {
    let question = marked.question;
    QuestionView {
        number: question.number,
        title: question.title,
        setting: question.setting,
        predict: question.predict,
        rows: marked.quantities.iter().map(row).collect(),
        explain: question.explain,
    }
}

/// How far a prediction is from the models; what rounding makes of it is nothing.
fn distance(quantity: Quantity, value: f64, answer: f64) -> String {
    match (value / answer - 1.0).abs() < ROUNDING {
        true => "0\u{a0}%".into(),
        false => residual(quantity, value, answer),
    }
}

fn row(marked: &MarkedQuantity) -> Row {
    let quantity = marked.asked.quantity;
    let answer = marked.asked.answer;
    let measured = marked.measured.as_ref();
    let predicted = marked
        .predicted
        .map(|value| [shown(quantity, value), distance(quantity, value, answer)]);
    let found = measured.and_then(|found| {
        let interval = found.ci95.map(|ends| shown_interval(quantity, ends));
        Some([shown(quantity, found.value?), interval.unwrap_or_default()])
    });
    let theory = measured.and_then(|found| found.theory).unwrap_or(answer);
    Row {
        words: marked.asked.words.clone(),
        predicted,
        measured: found,
        theory: shown(quantity, theory),
    }
}

//! What students handed in, for the terminal.

use std::fmt::Write;

use analysis::{
    results::Results,
    worksheet::{MarkedQuestion, WorksheetRecord, marked, stranger},
};

use crate::units::number;

/// The marks that each question has in all: two for the predictions, one for the measurement, two for
/// the explanation.
const MARKS_OF_A_QUESTION: usize = 5;

/// What can be said of a worksheet that was handed in.
pub struct Marking {
    pub text: String,
    /// Whether the run is valid and the student's own.
    pub stands: bool,
}

/// Marks a worksheet, except the explanations, which a person reads.
pub fn marking(record: &WorksheetRecord, results: &Results) -> Marking {
    let stranger = stranger(record, results);
    let questions = marked(record, Some(results));
    let mut text = format!("{}: ", record.parameters.student);
    text += match (&stranger, results.valid) {
        (Some(_), _) => "not this student's worksheet",
        (None, false) => "the run is not valid",
        (None, true) => "valid, with the student's own values",
    };
    text.push('\n');
    let reasons = stranger.iter().chain(&results.reasons);
    for reason in reasons {
        let _ = writeln!(text, "  {reason}");
    }
    let stands = stranger.is_none() && results.valid;
    text += "  question  predictions right  marks  measured  farthest from theory\n";
    for one in &questions {
        row(&mut text, one, stands);
    }
    let earned: u32 = questions
        .iter()
        .map(|one| one.marks() + measured_mark(one, stands))
        .sum();
    let most = questions.len() * MARKS_OF_A_QUESTION;
    let by_hand = questions.len() * 2;
    let _ = writeln!(
        text,
        "  {earned} marks of {most}, and up to {by_hand} for the explanations, which are in the page"
    );
    Marking { text, stands }
}

fn row(text: &mut String, one: &MarkedQuestion, stands: bool) {
    let farthest = one.farthest().map_or("–".into(), |share| {
        let sign = if share > 0.0 { "+" } else { "" };
        format!("{sign}{} %", number(share * 100.0))
    });
    let right = format!("{} of {}", one.right(), one.quantities.len());
    let _ = writeln!(
        text,
        "  {:>8}  {right:>17}  {:>5}  {:>8}  {farthest:>20}",
        one.question.number,
        one.marks(),
        measured_mark(one, stands)
    );
}

/// The mark for a measurement: everything that is asked was measured, in a run that stands.
fn measured_mark(one: &MarkedQuestion, stands: bool) -> u32 {
    let is_whole = |quantity: &analysis::worksheet::MarkedQuantity| {
        quantity.measured.is_some() || quantity.asked.cell.is_none()
    };
    u32::from(stands && one.quantities.iter().all(is_whole))
}

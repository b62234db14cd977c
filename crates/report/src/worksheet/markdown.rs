//! The sheet and the answers as Markdown.

use analysis::worksheet::{Asked, Parameters, Question, questions, sizes};
use askama::Template;

use super::{
    models::{COLUMNS, MODELS, SIGNS},
    page::values,
    value::shown,
};

#[derive(Template)]
#[template(path = "worksheet.md")]
struct Sheet {
    student: String,
    values: [(&'static str, String); 3],
    questions: Vec<Question>,
    signs: &'static [(&'static str, &'static str)],
    columns: &'static [&'static str],
    models: &'static [[&'static str; 4]],
    sizes: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "answers.md")]
struct Answers {
    student: String,
    values: [(&'static str, String); 3],
    questions: Vec<Question>,
}

/// The sheet of a student.
pub fn sheet(parameters: &Parameters) -> String {
    let sheet = Sheet {
        student: parameters.student.to_string(),
        values: values(parameters),
        questions: questions(parameters),
        signs: &SIGNS,
        columns: &COLUMNS,
        models: &MODELS,
        sizes: sizes(),
    };
    sheet
        .render()
        .expect("a sheet has no value that cannot be shown")
}

/// The answers to the sheet of a student, with usual mistakes and marks.
pub fn answers(parameters: &Parameters) -> String {
    let answers = Answers {
        student: parameters.student.to_string(),
        values: values(parameters),
        questions: questions(parameters),
    };
    answers
        .render()
        .expect("answers have no value that cannot be shown")
}

/// An answer with its unit.
fn answer(asked: &Asked) -> String {
    shown(asked.quantity, asked.answer).replace('\u{a0}', " ")
}

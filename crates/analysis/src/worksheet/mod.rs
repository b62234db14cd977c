//! The worksheet: eight questions with numbers of a student's own, what is measured for them, and what
//! the models answer. The sheet, the answers for the lecturer, the measurement and the marks are all
//! made from the same [`Question`]s.
//!
//! - `parameters` gives each student own values of d, T and λ.
//! - `sizes` has the sizes in bytes that a student reckons with.
//! - `question` and `questions` are what is asked, and with which levels it is measured.
//! - `predictions` reads a student's predictions; `marks` holds them, and what was measured, against
//!   the models.

mod marks;
mod parameters;
mod predictions;
mod question;
mod questions;
mod sizes;

pub use marks::{MarkedQuantity, MarkedQuestion, marked, stranger};
pub use parameters::{Parameters, Student};
pub use predictions::{Predictions, blank_file, parse};
pub use question::{Answer, Asked, Cell, Question, plain};
pub use questions::questions;
pub use sizes::sizes;

use serde::{Deserialize, Serialize};

use crate::scenario::Scenario;

/// The name of the worksheet's scenario.
pub const NAME: &str = "worksheet";

/// Whose worksheet a campaign is, and what was predicted before it was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorksheetRecord {
    pub parameters: Parameters,
    /// By the keys of the predictions' file, in its units; empty if none was given.
    pub predictions: Predictions,
}

/// What is measured for a student: exactly the levels that the questions ask for.
///
/// # Errors
/// Never for parameters of [`Parameters::of`]; a sentence otherwise.
pub fn scenario(parameters: &Parameters, predictions: Predictions) -> Result<Scenario, String> {
    let experiments = questions(parameters).into_iter().map(|one| one.experiment);
    let experiments: Vec<_> = experiments.collect();
    let text = format!(
        "name = \"{NAME}\"\n\
         title = \"Worksheet of {}\"\n\
         question = \"How does a message reach you, and what does each way cost?\"\n\n{}",
        parameters.student,
        experiments.join("\n")
    );
    let mut scenario = Scenario::parse(&text)?;
    scenario.worksheet = Some(WorksheetRecord {
        parameters: parameters.clone(),
        predictions,
    });
    Ok(scenario)
}

#[cfg(test)]
mod tests;

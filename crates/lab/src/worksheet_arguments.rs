//! The arguments of `pushlab lab worksheet`.

use std::{fs, path::PathBuf};

use analysis::{
    scenario::Scenario,
    worksheet::{self, Parameters, Predictions, Student},
};

/// Whose worksheet is measured.
#[derive(Clone, Debug, clap::Args)]
pub struct WorksheetArguments {
    /// Of the scenario worksheet: the student, who gets own values of d, T and λ
    #[arg(long, value_name = "ID")]
    pub student: Option<Student>,
    /// Of the scenario worksheet: the student's predictions, which are kept with the results
    #[arg(long, value_name = "FILE")]
    pub predictions: Option<PathBuf>,
    /// Of the scenario worksheet: write the sheet and a file for predictions; measure nothing
    #[arg(long)]
    pub sheet: bool,
}

impl WorksheetArguments {
    /// What is measured for the student, if the scenario of this name is the worksheet.
    ///
    /// # Errors
    /// Arguments that do not belong together, or a bad file of predictions: a sentence with the remedy.
    pub fn scenario(&self, name: &str) -> Result<Option<Scenario>, String> {
        match (&self.student, name == worksheet::NAME) {
            (Some(student), true) => self.of(&Parameters::of(student)).map(Some),
            (None, true) => Err(
                "the worksheet has values of each student's own: give --student ID, for example --student ada".into(),
            ),
            (None, false) if self.predictions.is_none() && !self.sheet => Ok(None),
            _ => Err(
                "--student, --predictions and --sheet belong to the worksheet: write pushlab lab worksheet --student ID"
                    .into(),
            ),
        }
    }

    fn of(&self, parameters: &Parameters) -> Result<Scenario, String> {
        let read = |file: &PathBuf| {
            let text = fs::read_to_string(file).map_err(|error| error.to_string());
            text.and_then(|text| worksheet::parse(&text, parameters))
                .map_err(|error| format!("{}: {error}", file.display()))
        };
        let predictions = self.predictions.as_ref().map(read).transpose()?;
        worksheet::scenario(parameters, predictions.unwrap_or_else(Predictions::new))
    }
}

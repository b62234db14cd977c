//! `pushlab lab worksheet --sheet`, `pushlab lab answers` and `pushlab lab mark`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use analysis::{
    results::Results,
    worksheet::{Parameters, Student, WorksheetRecord, blank_file},
};
use lab::Lab;
use report::Cover;

use crate::{exit_code, failure, output::print_line};

/// The file for predictions beside the sheet.
const PREDICTIONS: &str = "predictions.toml";

#[derive(clap::Subcommand)]
pub enum Exercise {
    /// Print the answers to a student's worksheet, with usual mistakes and marks, for the lecturer
    Answers {
        /// The student, as given to `lab worksheet`
        #[arg(long, value_name = "ID")]
        student: Student,
    },
    /// Mark worksheets that were handed in: all but the explanations, which a person reads
    Mark {
        /// Folders that `lab worksheet` has written
        #[arg(required = true, value_name = "DIR")]
        folders: Vec<PathBuf>,
    },
}

pub fn run(exercise: &Exercise) -> ExitCode {
    let outcome = match exercise {
        Exercise::Answers { student } => {
            print_line(&report::answers(&Parameters::of(student))).map(|()| ExitCode::SUCCESS)
        }
        Exercise::Mark { folders } => mark(folders),
    };
    outcome.unwrap_or_else(|error| failure(&error))
}

/// Exits as for an invalid campaign if any worksheet is invalid or not its student's own.
fn mark(folders: &[PathBuf]) -> Result<ExitCode, String> {
    let mut all_stand = true;
    for folder in folders {
        let (record, results) = read(folder)?;
        let marking = report::marking(&record, &results);
        print_line(&format!("{}\n{}", folder.display(), marking.text))?;
        all_stand &= marking.stands;
    }
    Ok(match all_stand {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(exit_code::INVALID),
    })
}

fn read(folder: &Path) -> Result<(WorksheetRecord, Results), String> {
    let remedy = "give a folder that pushlab lab worksheet has written";
    let results = Results::read(folder)
        .map_err(|error| format!("{}: {error}; {remedy}", folder.display()))?;
    match results.worksheet.clone() {
        Some(record) => Ok((record, results)),
        None => Err(format!("{} is no worksheet: {remedy}", folder.display())),
    }
}

/// Writes the sheet as a page and as Markdown, and the file for predictions.
pub fn write_sheet(lab: &Lab) -> ExitCode {
    sheet(lab).map_or_else(|error| failure(&error), |()| ExitCode::SUCCESS)
}

fn sheet(lab: &Lab) -> Result<(), String> {
    let scenario = lab.scenario()?;
    let folder = lab.folder(&scenario);
    let record = scenario.worksheet.ok_or("only the worksheet has a sheet")?;
    let write = || {
        let page = report::render_worksheet(&record, None, &Cover::default(), &folder)?;
        let predictions = folder.join(PREDICTIONS);
        // Predictions that a student has written are not lost.
        if !predictions.exists() {
            fs::write(&predictions, blank_file(&record.parameters))?;
        }
        fs::write(folder.join("sheet.md"), report::sheet(&record.parameters))?;
        Ok((page, predictions))
    };
    let (page, predictions) =
        write().map_err(|error: std::io::Error| format!("{}: {error}", folder.display()))?;
    print_line(&page.display())?;
    print_line(&predictions.display())
}

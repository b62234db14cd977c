//! `pushlab report`: renders a run again, or holds several against the first.

use std::{path::PathBuf, process::ExitCode};

use analysis::results::Results;

use crate::{failure, output::told};

/// Folders with results, and what to hold against each other.
#[derive(clap::Args)]
pub struct Report {
    /// Folders with a results.json each; several are compared with the first
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Folder for the page of a comparison, compare.html; without it, a comparison is told here alone
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Exit with 1 where a metric got worse by more than this and its interval agrees
    #[arg(long, env = "PUSHLAB_FAIL_OVER", value_name = "PERCENT", value_parser = percent)]
    fail_over: Option<f64>,
}

/// A share, from a text such as `5%`.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse();
    match number {
        Ok(percent) if (0.0..=1_000.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err("give a percentage such as 5%".into()),
    }
}

pub fn run(asked: &Report) -> ExitCode {
    let read = |folder: &PathBuf| {
        let results = Results::read(folder).map_err(|error| {
            let file = folder.join("results.json");
            format!(
                "{}: {error}; give a folder that pushlab lab has written",
                file.display()
            )
        })?;
        Ok((folder.display().to_string(), results))
    };
    let runs: Result<Vec<_>, String> = asked.folders.iter().map(read).collect();
    let outcome = runs.and_then(|runs| match &runs[..] {
        [(_, results)] => rendered(results, asked),
        runs => compared(runs, asked),
    });
    outcome.unwrap_or_else(|error| failure(&error))
}

fn rendered(results: &Results, asked: &Report) -> Result<ExitCode, String> {
    if asked.out.is_some() {
        return Err("--out is for a comparison: a report alone is rendered where it is".into());
    }
    let page = report::render(results, &asked.folders[0]).map_err(|error| error.to_string())?;
    told(&page.display())?;
    Ok(ExitCode::SUCCESS)
}

fn compared(runs: &[(String, Results)], asked: &Report) -> Result<ExitCode, String> {
    let comparison = report::compare(runs)?;
    told(&comparison)?;
    match &asked.out {
        Some(folder) => {
            let page = report::write(&comparison, folder)
                .map_err(|error| format!("{}: {error}", folder.display()))?;
            told(&page.display())?;
        }
        None => told(&"--out DIR writes this as a page.")?,
    }
    let worse = asked
        .fail_over
        .map(|over| report::regressions(&comparison, over));
    match worse {
        Some(worse) if !worse.is_empty() => Ok(ExitCode::FAILURE),
        _ => Ok(ExitCode::SUCCESS),
    }
}

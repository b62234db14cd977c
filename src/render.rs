//! `pushlab report`: renders a run again, or compares several with the first.

use std::{path::PathBuf, process::ExitCode};

use analysis::results::{self, Results};
use report::Cover;

use crate::{chromium, failure, output::print_line};

/// The folders of runs, and the options of a comparison.
#[derive(clap::Args)]
pub struct Report {
    /// Folders with a results.json or results.json.gz each. One: its page is rendered again, in place. Several: each is
    /// compared with the first
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Folder for the page of a comparison, compare.html; without it, only the terminal shows the
    /// comparison
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Pack results.json of a single report: results.json.gz takes its place, in which the histograms of
    /// latency keep two digits
    #[arg(long, env = "PUSHLAB_COMPRESS")]
    compress: bool,
    /// Of one report: the name in its first lines; without it, the printed page has a blank
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// Of one report: the course in its first lines; without it, the printed page has a blank
    #[arg(long, value_name = "NAME")]
    course: Option<String>,
    /// Of one report: also print it to DIR/report.pdf, with Chromium or Chrome; PUSHLAB_CHROMIUM names
    /// one that is not in PATH
    #[arg(long)]
    pdf: bool,
    /// Exit with 1 if a metric got worse by more than this and its interval excludes no change; of a
    /// share, this is in percentage points
    #[arg(long, env = "PUSHLAB_FAIL_OVER", value_name = "PERCENT", value_parser = percent)]
    fail_over: Option<f64>,
}

/// Parses a percentage such as `5%` into a share.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse();
    match number {
        Ok(percent) if (0.0..=1_000.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err("give a percentage such as 5%".into()),
    }
}

pub fn run(report: &Report) -> ExitCode {
    let read = |folder: &PathBuf| {
        let results = Results::read(folder).map_err(|error| {
            let file = folder.join(results::file_name(folder));
            format!(
                "{}: {error}; give a folder that pushlab lab has written",
                file.display()
            )
        })?;
        Ok((folder.display().to_string(), results))
    };
    let runs: Result<Vec<_>, String> = report.folders.iter().map(read).collect();
    let outcome = runs.and_then(|runs| match &runs[..] {
        [(_, results)] => render(results, report),
        runs => compare(runs, report),
    });
    outcome.unwrap_or_else(|error| failure(&error))
}

fn render(results: &Results, arguments: &Report) -> Result<ExitCode, String> {
    if arguments.out.is_some() {
        return Err(
            "--out is only for a comparison: a single report is rendered into its own folder"
                .into(),
        );
    }
    let folder = &arguments.folders[0];
    if arguments.compress {
        results::pack(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let cover = Cover {
        author: arguments.author.clone(),
        course: arguments.course.clone(),
    };
    let page = report::render(results, &cover, folder).map_err(|error| error.to_string())?;
    print_line(&page.display())?;
    if arguments.pdf {
        let pdf = folder.join("report.pdf");
        chromium::print_to(&pdf, &page)?;
        print_line(&pdf.display())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn compare(runs: &[(String, Results)], arguments: &Report) -> Result<ExitCode, String> {
    if arguments.compress {
        return Err("--compress is only for a single report: give one folder".into());
    }
    if arguments.pdf || arguments.author.is_some() || arguments.course.is_some() {
        return Err("--pdf, --author and --course are only for a single report".into());
    }
    let comparison = report::compare(runs)?;
    print_line(&comparison)?;
    match &arguments.out {
        Some(folder) => {
            let page = report::write(&comparison, folder)
                .map_err(|error| format!("{}: {error}", folder.display()))?;
            print_line(&page.display())?;
        }
        None => print_line(&"Use --out DIR to write this comparison as a page.")?,
    }
    let worse = arguments
        .fail_over
        .map(|over| report::regressions(&comparison, over));
    match worse {
        Some(worse) if !worse.is_empty() => Ok(ExitCode::FAILURE),
        _ => Ok(ExitCode::SUCCESS),
    }
}

//! The report of a run: one page, its figures and their CSV files, rendered from `results.json`.
//!
//! The page has the summary first, then a section for each experiment, then the gates of validity,
//! which the campaign has recorded.
//! It is self-contained: it has no script and fetches nothing. The crate knows no server and
//! measures nothing. It reads the results and the benchmarks that are kept beside them, and nothing
//! else, so that an old run is rendered as it was.
//!
//! Where to begin:
//!
//! - [`render`] writes the page of a run. `page` collects the data for its template,
//!   `templates/report.html`.
//! - `data` gives access to the results: cells, estimates and ratios with their intervals.
//! - `subjects` lists the figures, the table columns and the conclusions of each built-in
//!   experiment.
//! - `figures` draws, one kind of figure in each file; `theory_curve` computes the models' curves.
//! - `conclusions` has the sentences. Each function returns its sentence only if the data support
//!   it.
//! - [`compare()`] compares runs with the first one: which metrics changed, and which differences
//!   are noise.

pub mod compare;
mod conclusions;
mod coverage;
mod criterion;
mod data;
mod figures;
mod level;
mod page;
mod plain_table;
mod ratio;
#[cfg(test)]
mod sample;
mod subject;
mod subjects;
mod summary;
mod table;
#[cfg(test)]
mod tests;
mod theory_curve;
mod theory_inputs;
mod theory_misses;
mod units;
mod worksheet;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use analysis::{benchmarks, results::Results};
use askama::Template;

pub use worksheet::{Marking, answers, marking, render_worksheet, sheet};
pub use compare::{
    Change, ChangeKind, Difference, Effect, RunComparison, compare, regressions, write,
};

/// Writes `index.html` and a CSV file for each figure into `folder`, and of a worksheet the page with
/// its questions. Returns the path of the page to read first. The only file that it reads is that of the benchmarks in the same folder.
///
/// # Errors
/// The folder cannot be written to.
pub fn render(results: &Results, folder: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let page = page::page(results, &benchmarks::read(folder));
    let figures = page.sections.iter().flat_map(|section| &section.figures);
    for figure in figures.chain(&page.benchmark_figure) {
        fs::write(folder.join(format!("{}.csv", figure.slug)), &figure.csv)?;
    }
    let path = folder.join("index.html");
    fs::write(&path, page.render().map_err(io::Error::other)?)?;
    match &results.worksheet {
        Some(record) => render_worksheet(record, Some(results), folder),
        None => Ok(path),
    }
}

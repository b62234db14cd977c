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
//!   `templates/report.html`; `numbers` numbers its figures.
//! - `data` gives access to the results: cells, estimates and ratios with their intervals.
//! - `subjects` lists the figures, the table columns and the conclusions of each built-in
//!   experiment.
//! - `figures` draws, one kind of figure in each file; `theory_curve` computes the models' curves.
//! - `models` explains the models: a diagram and a derivation for each transport.
//! - `conclusions` has the sentences. Each function returns its sentence only if the data support
//!   it.
//! - `junit` and `summary_file` write for machines what the page says; `dictionary` lists the columns of
//!   the CSV files.
//! - [`compare()`] compares runs with the first one: which metrics changed, and which differences
//!   are noise.

pub mod compare;
mod conclusions;
mod cover;
mod coverage;
mod criterion;
mod data;
mod dictionary;
mod environment;
mod figures;
mod junit;
mod level;
mod models;
mod numbers;
mod page;
mod plain_table;
mod ratio;
#[cfg(test)]
mod sample;
mod section;
mod subject;
mod subjects;
mod summary;
mod summary_file;
mod table;
#[cfg(test)]
mod tests;
mod theory_curve;
mod theory_inputs;
mod theory_misses;
pub mod thresholds;
mod trial_name;
mod units;
mod worksheet;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use analysis::{
    benchmarks,
    results::{self, Results},
};
use askama::Template;
use dictionary::{CsvFile, dictionary};

pub use compare::{
    Change, ChangeKind, Difference, Effect, RunComparison, Unsaid, Why, compare, regressions, write,
};
pub use cover::Cover;
pub use worksheet::{Marking, answers, marking, render_worksheet, sheet};

/// Every delivery, which `lab --samples` writes.
const SAMPLES: &str = "samples.csv";

/// Writes `index.html`, the files of each figure (an SVG, and the data as CSV) with a data dictionary,
/// `summary.json` and `junit.xml` into `folder`, and of a worksheet the page with its questions. Returns
/// the path of the page to read first. The only files that it reads are the CSV files that the lab has
/// written into the same folder.
///
/// # Errors
/// The folder cannot be written to.
pub fn render(results: &Results, cover: &Cover, folder: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let raw_data = results::file_name(folder);
    let page = page::page(results, cover, &benchmarks::read(folder), raw_data);
    let mut tables = Vec::new();
    for numbered in page.figures() {
        let figure = &numbered.figure;
        let svg = folder.join(format!("{}.svg", figure.slug));
        fs::write(svg, figure.drawing.file())?;
        if let Some(csv) = &figure.csv {
            let name = format!("{}.csv", figure.slug);
            fs::write(folder.join(&name), csv)?;
            tables.push(CsvFile::new(name, csv));
        }
    }
    for name in [benchmarks::FILE, SAMPLES] {
        tables.extend(CsvFile::beside(folder, name)?);
    }
    fs::write(folder.join(dictionary::FILE), dictionary(&tables))?;
    fs::write(folder.join("summary.json"), summary_file::text(results)?)?;
    fs::write(folder.join("junit.xml"), junit::text(results)?)?;
    let path = folder.join("index.html");
    fs::write(&path, page.render().map_err(io::Error::other)?)?;
    match &results.worksheet {
        Some(record) => render_worksheet(record, Some(results), cover, folder),
        None => Ok(path),
    }
}

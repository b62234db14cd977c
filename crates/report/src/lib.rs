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
//! - [`compare()`] compares runs with the first one: which metrics changed, and which differences
//!   are noise.

pub mod compare;
mod conclusions;
mod cover;
mod coverage;
mod criterion;
mod data;
mod environment;
mod figures;
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
mod table;
#[cfg(test)]
mod tests;
mod theory_curve;
mod theory_inputs;
mod theory_misses;
mod trial_name;
mod units;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use analysis::{benchmarks, results::Results};
use askama::Template;

pub use compare::{
    Change, ChangeKind, Difference, Effect, RunComparison, compare, regressions, write,
};
pub use cover::Cover;

/// Writes `index.html` and the files of each figure, an SVG and the data as CSV, into `folder`, and
/// returns the path of the page. The only file that it reads is that of the benchmarks in the same
/// folder.
///
/// # Errors
/// The folder cannot be written to.
pub fn render(results: &Results, cover: &Cover, folder: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let page = page::page(results, cover, &benchmarks::read(folder));
    for numbered in page.figures() {
        let figure = &numbered.figure;
        let file = |extension| folder.join(format!("{}.{extension}", figure.slug));
        fs::write(file("svg"), figure.drawing.file())?;
        if let Some(csv) = &figure.csv {
            fs::write(file("csv"), csv)?;
        }
    }
    let path = folder.join("index.html");
    fs::write(&path, page.render().map_err(io::Error::other)?)?;
    Ok(path)
}

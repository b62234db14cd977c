//! The report: a page and its figures from `results.json` alone.
//!
//! [`render`] makes one self-contained page of a run, the answer first; [`compare()`] tells what
//! changed between runs and what is noise. Figures are in `figures`, one kind a file; which
//! experiment shows which is the table in `subjects`; a sentence is in `conclusions`, and is
//! printed where its data bear it out.

pub mod compare;
mod conclusions;
mod criterion;
mod data;
mod figures;
mod level;
mod page;
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
mod units;
mod validity;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use analysis::{benchmarks, results::Results};
use askama::Template;

pub use compare::{Change, ChangeKind, Comparison, compare, regressions, write};

/// Writes `index.html` and a CSV for each figure into `folder`, and returns the page's path. It
/// reads nothing but the benchmarks that were kept there: an old report stays what it was.
///
/// # Errors
/// A folder that cannot be written to.
pub fn render(results: &Results, folder: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let page = page::page(results, &benchmarks::read(folder));
    let figures = page.sections.iter().flat_map(|section| &section.figures);
    for figure in figures.chain(&page.bench_figure) {
        fs::write(folder.join(format!("{}.csv", figure.slug)), &figure.csv)?;
    }
    let path = folder.join("index.html");
    fs::write(&path, page.render().map_err(io::Error::other)?)?;
    Ok(path)
}

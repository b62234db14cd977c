//! The worksheet in print: the sheet, the report around its questions, the answers and the marks. All
//! are made from the questions of `analysis::worksheet`.

mod markdown;
mod marking;
mod models;
mod page;
#[cfg(test)]
mod tests;
mod value;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use analysis::{results::Results, worksheet::WorksheetRecord};
use askama::Template;

use crate::Cover;

pub use markdown::{answers, sheet};
pub use marking::{Marking, marking};

/// The blank sheet in its folder, and the page with what was measured.
const SHEET_PAGE: &str = "sheet.html";
const WORKSHEET_PAGE: &str = "worksheet.html";

/// Writes the page of a worksheet into `folder` and returns its path: the blank sheet, or with results
/// the questions with what was predicted and measured, and room for the explanations.
///
/// # Errors
/// The folder cannot be written to.
pub fn render_worksheet(
    record: &WorksheetRecord,
    results: Option<&Results>,
    cover: &Cover,
    folder: &Path,
) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let name = match results {
        Some(_) => WORKSHEET_PAGE,
        None => SHEET_PAGE,
    };
    let path = folder.join(name);
    let page = page::page(record, results, cover).render();
    fs::write(&path, page.map_err(io::Error::other)?)?;
    Ok(path)
}

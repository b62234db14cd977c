//! Prints a page to a PDF with the Chromium that is installed.

use std::{
    env,
    ffi::OsString,
    fs, io, path,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The variable that names a browser.
const VARIABLE: &str = "PUSHLAB_CHROMIUM";
/// The names in PATH, in the order in which they are tried.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Prints the page at this path.
///
/// # Errors
/// A sentence with the remedy: there is no browser, or it wrote nothing.
pub fn print_to(pdf: &Path, page: &Path) -> Result<(), String> {
    let browser = find().ok_or_else(|| {
        format!(
            "--pdf needs Chromium or Chrome, and none is in PATH: install one, or name it with {VARIABLE}; \
             or open {} in a browser and print it",
            page.display()
        )
    })?;
    let failed = |why: String| {
        format!(
            "{} did not print {}: {why}",
            browser.display(),
            pdf.display()
        )
    };
    let output = run(&browser, pdf, page).map_err(|error| failed(error.to_string()))?;
    if output.status.success() && pdf.is_file() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(failed(format!("{}; {told}", output.status)))
}

fn run(browser: &Path, pdf: &Path, page: &Path) -> io::Result<Output> {
    // A profile of its own: a browser that the user has open keeps theirs to itself.
    let profile = tempfile::tempdir()?;
    let absolute = path::absolute(pdf)?;
    // An old file would look like success.
    let _ = fs::remove_file(&absolute);
    Command::new(browser)
        .args(["--headless", "--disable-gpu", "--no-pdf-header-footer"])
        // In its sandbox a browser refuses to run as root. The page is our own and has no script.
        .arg("--no-sandbox")
        .arg(with_path("--user-data-dir=", profile.path()))
        .arg(with_path("--print-to-pdf=", &absolute))
        .arg(page.canonicalize()?)
        .output()
}

/// An argument that ends with a path, whatever bytes that has.
fn with_path(option: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(option);
    argument.push(path);
    argument
}

/// The browser that the variable names, or the first in PATH.
fn find() -> Option<PathBuf> {
    if let Some(named) = env::var_os(VARIABLE) {
        return Some(named.into());
    }
    let path = env::var_os("PATH")?;
    let folders: Vec<_> = env::split_paths(&path).collect();
    let places = |name: &str| {
        folders
            .iter()
            .map(move |folder| folder.join(name))
            .collect::<Vec<_>>()
    };
    NAMES
        .into_iter()
        .flat_map(places)
        .find(|place| place.is_file())
}

//! `pushlab check`: verifies a database, and mends the heads of its rooms.

use std::{path::PathBuf, process::ExitCode};

use crate::{failure, output::print_line};

#[derive(clap::Args)]
pub struct Check {
    /// The database file, which no server may have open
    #[arg(value_name = "DATABASE")]
    database: PathBuf,
    /// Mend the heads of rooms that are behind their messages
    #[arg(long)]
    repair: bool,
}

/// Fails if anything was found that is not mended.
pub fn run(check: &Check) -> ExitCode {
    let name = check.database.display();
    let found = match server::check_database(&check.database, check.repair) {
        Ok(found) => found,
        Err(error) => return failure(&format!("{name}: {error}")),
    };
    let lines = found.iter().map(|finding| match finding.is_mended {
        true => format!("mended: {}", finding.text),
        false => format!("bad: {}", finding.text),
    });
    let lines: Vec<_> = match found.is_empty() {
        true => vec![format!("{name} is in order")],
        false => lines.collect(),
    };
    if let Err(error) = print_line(&lines.join("\n")) {
        return failure(&error);
    }
    match found.iter().all(|finding| finding.is_mended) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

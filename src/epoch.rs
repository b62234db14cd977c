//! `pushlab epoch`: tells the epoch of a database's history, and begins another history.

use std::process::ExitCode;

use server::Location;

use crate::{failure, output::print_line};

#[derive(clap::Args)]
pub struct Epoch {
    /// The database; a file must be open in no server
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        default_value = "data/pushlab.db"
    )]
    database: Location,
    /// Begin another history: needed after files of a database were put back, which nothing else tells
    #[arg(long)]
    new: bool,
}

pub fn run(epoch: Epoch) -> ExitCode {
    let told = crate::block_on(server::epoch(epoch.database, epoch.new));
    match told.and_then(|epoch| print_line(&epoch)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure(&error),
    }
}

//! `pushlab migrate`: copies all data of one database into another.

use std::process::ExitCode;

use server::{Copied, Location};

use crate::{failure, output::print_line};

#[derive(clap::Args)]
pub struct Migrate {
    /// Where the data are: a file that no server has open, or PostgreSQL, whose servers are stopped
    #[arg(long, value_name = "PATH|postgres://…")]
    from: Location,
    /// Where they are to be: an empty database
    #[arg(long, value_name = "PATH|postgres://…")]
    to: Location,
}

pub fn run(Migrate { from, to }: &Migrate) -> ExitCode {
    let copied = crate::block_on(server::migrate(from, to));
    match copied.and_then(|copied| print_line(&sentence(copied))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure(&error),
    }
}

fn sentence(copied: Copied) -> String {
    let Copied {
        accounts,
        rooms,
        messages,
    } = copied;
    format!(
        "copied {accounts} accounts, {rooms} rooms and {messages} messages; all have to sign in again"
    )
}

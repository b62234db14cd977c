//! The command line of pushlab: one binary with three commands.
//!
//! The binary only reads arguments, calls a crate, prints the result and chooses the exit code. It
//! knows nothing of HTTP, of measurements or of pages:
//!
//! - `serve` runs the chat server. The `server` crate has its settings and does the work.
//! - `logging` is the log of `serve`.
//! - `measure` is `pushlab lab`: the `lab` crate measures a scenario, and the `report` crate
//!   renders its page.
//! - `render` is `pushlab report`: it renders a run again, or compares several runs. `chromium` prints
//!   a page.
//! - `worksheet` writes the sheet of a student, the answers, and the marks.
//! - `check` verifies a database; `epoch` tells its history from others; `migrate` copies it.
//! - `health` asks a server whether it is ready.
//! - `output` writes to standard output for all of them.
//! - `exit_code` has the exit codes.
//!
//! Where to begin: [`Command`] has the commands; the first three modules have one function `run` each.

mod check;
mod chromium;
mod epoch;
mod exit_code;
mod health;
mod logging;
mod measure;
mod migrate;
mod output;
mod render;
mod serve;
mod worksheet;

use std::{ffi::OsString, process::ExitCode};

use clap::{
    Parser, Subcommand,
    error::{ContextKind, ContextValue},
};
use lab::Lab;
use server::Settings;

use check::Check;
use epoch::Epoch;
use health::Health;
use migrate::Migrate;
use render::Report;
use worksheet::Exercise;

/// The same chat over short polling, long polling, server-sent events and WebSockets, and a lab
/// that measures what each costs.
#[derive(Parser)]
#[command(version, about, after_help = exit_code::HELP)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the chat. Without a command this is what runs, with settings from the environment only
    Serve(Box<Settings>),
    /// Measure the transports
    Lab(Box<LabArguments>),
    /// Verify a database, and mend the heads of its rooms
    Check(Check),
    /// Tell the epoch of a database's history, or begin another after a restore
    Epoch(Epoch),
    /// Ask a server on this machine whether it is ready
    Health(Health),
    /// Copy all data of one database into another, from SQLite to PostgreSQL or back
    Migrate(Migrate),
    /// Render a report again, or compare several
    Report(Report),
}

/// What is measured, or an exercise about it.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
struct LabArguments {
    #[command(subcommand)]
    exercise: Option<Exercise>,
    #[command(flatten)]
    lab: Lab,
}

/// The settings without a command, which come from the environment.
#[derive(Parser)]
struct Defaults {
    #[command(flatten)]
    settings: Settings,
}

fn main() -> ExitCode {
    let settings = match parse::<Cli>(std::env::args_os()).command {
        Some(Command::Serve(settings)) => *settings,
        None => parse::<Defaults>([OsString::from("pushlab")]).settings,
        Some(Command::Lab(arguments)) => return run_lab(&arguments),
        Some(Command::Report(report)) => return render::run(&report),
        Some(Command::Check(check)) => return check::run(&check),
        Some(Command::Health(health)) => return health::run(&health),
        Some(Command::Migrate(migrate)) => return migrate::run(&migrate),
        Some(Command::Epoch(epoch)) => return epoch::run(epoch),
    };
    match serve::run(settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure(&error.to_string()),
    }
}

/// As [`Parser::parse_from`], but a value that is refused and may hold a secret is not shown: it may come from the
/// environment, and go to a log.
fn parse<T: Parser>(arguments: impl IntoIterator<Item = OsString>) -> T {
    T::try_parse_from(arguments).unwrap_or_else(|mut error| {
        let has_secret = |value: &str| value.contains('@') || value.contains("password=");
        let of_key = matches!(
            error.get(ContextKind::InvalidArg),
            Some(ContextValue::String(name)) if name.starts_with("--key ")
        );
        if let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue)
            && (of_key || has_secret(value))
        {
            error.insert(ContextKind::InvalidValue, ContextValue::String("…".into()));
        }
        error.exit()
    })
}

fn run_lab(LabArguments { exercise, lab }: &LabArguments) -> ExitCode {
    match exercise {
        Some(exercise) => worksheet::run(exercise),
        None if lab.worksheet.sheet && !lab.dry_run => worksheet::write_sheet(lab),
        None => measure::run(lab),
    }
}

/// For commands that use a database by themselves.
fn block_on<T>(work: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.map_err(|error| error.to_string())?.block_on(work)
}

fn failure(error: &str) -> ExitCode {
    eprintln!("pushlab: {error}");
    ExitCode::FAILURE
}

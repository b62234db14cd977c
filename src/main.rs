//! The command line of pushlab: one binary with three commands.
//!
//! The binary only reads arguments, calls a crate, prints the result and chooses the exit code. It
//! knows nothing of HTTP, of measurements or of pages:
//!
//! - `serve` runs the chat server. The `server` crate has its settings and does the work.
//! - `measure` is `pushlab lab`: the `lab` crate measures a scenario, and the `report` crate
//!   renders its page.
//! - `render` is `pushlab report`: it renders a run again, or compares several runs. `chromium` prints
//!   a page.
//! - `output` writes to standard output for all of them.
//!
//! Where to begin: [`Command`] has the commands; each module above has one function `run`. The exit
//! codes are 0 for success, 1 for an error (or a regression, with `--fail-over`), and 3 for an
//! invalid campaign.

mod chromium;
mod measure;
mod output;
mod render;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use lab::Lab;
use server::Settings;

use render::Report;

const EXIT_CODES: &str = "\
Exit codes: 0, success; 1, an error, or a metric that got worse by more than --fail-over; 2, wrong \
arguments; 3, a campaign that is not valid or was interrupted. Durations are written as 40ms, 75s, 30d.";

/// The same chat over short polling, long polling, server-sent events and WebSockets, and a lab
/// that measures what each costs.
#[derive(Parser)]
#[command(version, about, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the chat. Without a command this is what runs, with settings from the environment only
    Serve(Box<Settings>),
    /// Measure the transports
    Lab(Lab),
    /// Render a report again, or compare several
    Report(Report),
}

/// The settings without a command, which come from the environment.
#[derive(Parser)]
struct Defaults {
    #[command(flatten)]
    settings: Settings,
}

fn main() -> ExitCode {
    let settings = match Cli::parse().command {
        Some(Command::Serve(settings)) => *settings,
        None => Defaults::parse_from(["pushlab"]).settings,
        Some(Command::Lab(lab)) => return measure::run(&lab),
        Some(Command::Report(report)) => return render::run(&report),
    };
    match serve::run(&settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure(&error.to_string()),
    }
}

fn failure(error: &str) -> ExitCode {
    eprintln!("pushlab: {error}");
    ExitCode::FAILURE
}

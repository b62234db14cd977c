//! The command line.

mod measure;
mod output;
mod render;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use lab::Lab;
use server::Settings;

use render::Report;

/// The same chat over short polling, long polling, server-sent events and WebSockets, and a lab
/// that measures what each costs.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the chat (what pushlab does when no command is given)
    Serve(Box<Settings>),
    /// Measure the transports
    Lab(Lab),
    /// Render a report again, or compare several
    Report(Report),
}

/// Settings alone, for when no command is given: they come from the environment.
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

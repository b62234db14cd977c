//! The command line.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use pushlab::{app, config::Settings};
use tracing_subscriber::EnvFilter;

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
    #[command(disable_help_flag = true)]
    Lab(Unbuilt),
    /// Render a report again, or compare several
    #[command(disable_help_flag = true)]
    Report(Unbuilt),
}

/// Settings alone, for when no command is given: they come from the environment.
#[derive(Parser)]
struct Defaults {
    #[command(flatten)]
    settings: Settings,
}

/// A command of the interface that is still to come.
#[derive(clap::Args)]
struct Unbuilt {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _arguments: Vec<String>,
}

fn main() -> ExitCode {
    let settings = match Cli::parse().command {
        Some(Command::Serve(settings)) => *settings,
        None => Defaults::parse_from(["pushlab"]).settings,
        Some(Command::Lab(_)) => return not_built("lab"),
        Some(Command::Report(_)) => return not_built("report"),
    };
    match serve(&settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pushlab: {error}");
            ExitCode::FAILURE
        }
    }
}

fn not_built(command: &str) -> ExitCode {
    eprintln!("pushlab: {command} is not built yet; pushlab serve is");
    ExitCode::from(2)
}

fn serve(settings: &Settings) -> Result<(), Box<dyn std::error::Error>> {
    log_to_stderr();
    // Every reader is an open file. Where the limit can't be raised, it is what it was.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    actix_web::rt::System::new().block_on(async {
        let stop = stop_signal()?;
        let running = app::start(settings).await?;
        announce(&running, settings)?;
        Ok(running.run(stop).await?)
    })
}

fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,actix_server=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .init();
}

fn announce(running: &app::Running, settings: &Settings) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "listening on http://{}", running.address)?;
    if let (Some(address), Some(delay)) = (running.behind_link(), settings.http.link) {
        let ms = delay.as_secs_f64() * 1_000.0;
        writeln!(out, "behind {ms} ms: http://{address}")?;
    }
    out.flush()
}

/// Ready when the process is asked to stop; listens from now on.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler there is no Ctrl-C to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}

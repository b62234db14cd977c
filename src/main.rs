//! The command line.

mod output;

use std::{
    fmt::Display,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, atomic::AtomicBool},
};

use analysis::results::Results;
use clap::{Parser, Subcommand};
use lab::{Finished, Lab};
use output::Output;
use server::Settings;
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
        Some(Command::Lab(lab)) => return measure(&lab),
        Some(Command::Report(report)) => return render(&report),
    };
    match serve(&settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure(&error.to_string()),
    }
}

/// What a campaign that is not valid exits with.
const NOT_VALID: u8 = 3;

fn measure(lab: &Lab) -> ExitCode {
    let stop = Arc::new(AtomicBool::new(false));
    let measured = stop_when_asked(&stop)
        .map_err(|error| error.to_string())
        .and_then(|()| lab.run(&stop, &mut Output::new()));
    let Finished { results, folder } = match measured {
        Ok(Some(finished)) => finished,
        Ok(None) => return ExitCode::SUCCESS,
        Err(error) => return failure(&error),
    };
    let page = match report::render(&results, &folder) {
        Ok(page) => page,
        Err(error) => return failure(&format!("{}: {error}", folder.display())),
    };
    if let Err(error) = told(&page.display()) {
        return failure(&error);
    }
    if results.valid {
        return ExitCode::SUCCESS;
    }
    eprintln!("pushlab: this run is not valid:");
    results
        .reasons
        .iter()
        .for_each(|reason| eprintln!("  {reason}"));
    ExitCode::from(NOT_VALID)
}

/// The first signal ends the run behind the trial that is going on; the second at once.
#[cfg(unix)]
fn stop_when_asked(stop: &Arc<AtomicBool>) -> io::Result<()> {
    use signal_hook::{consts::TERM_SIGNALS, flag};
    for signal in TERM_SIGNALS {
        flag::register_conditional_shutdown(*signal, 130, stop.clone())?;
        flag::register(*signal, stop.clone())?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn stop_when_asked(_stop: &Arc<AtomicBool>) -> io::Result<()> {
    Ok(())
}

/// A line on standard output.
fn told(line: &impl Display) -> Result<(), String> {
    let mut out = Output::new();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(|error| format!("standard output: {error}"))
}

fn failure(error: &str) -> ExitCode {
    eprintln!("pushlab: {error}");
    ExitCode::FAILURE
}

/// Folders with results, and what to hold against each other.
#[derive(clap::Args)]
struct Report {
    /// Folders with a results.json each; several are compared with the first
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Folder for the page of a comparison, compare.html; without it, a comparison is told here alone
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Exit with 1 where a metric got worse by more than this and its interval agrees
    #[arg(long, env = "PUSHLAB_FAIL_OVER", value_name = "PERCENT", value_parser = percent)]
    fail_over: Option<f64>,
}

/// A share, from a text such as `5%`.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse();
    match number {
        Ok(percent) if (0.0..=1_000.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err("give a percentage such as 5%".into()),
    }
}

fn render(asked: &Report) -> ExitCode {
    let read = |folder: &PathBuf| {
        let results = Results::read(folder).map_err(|error| {
            let file = folder.join("results.json");
            format!(
                "{}: {error}; give a folder that pushlab lab has written",
                file.display()
            )
        })?;
        Ok((folder.display().to_string(), results))
    };
    let runs: Result<Vec<_>, String> = asked.folders.iter().map(read).collect();
    let outcome = runs.and_then(|runs| match &runs[..] {
        [(_, results)] => rendered(results, asked),
        runs => compared(runs, asked),
    });
    outcome.unwrap_or_else(|error| failure(&error))
}

fn rendered(results: &Results, asked: &Report) -> Result<ExitCode, String> {
    if asked.out.is_some() {
        return Err("--out is for a comparison: a report alone is rendered where it is".into());
    }
    let page = report::render(results, &asked.folders[0]).map_err(|error| error.to_string())?;
    told(&page.display())?;
    Ok(ExitCode::SUCCESS)
}

fn compared(runs: &[(String, Results)], asked: &Report) -> Result<ExitCode, String> {
    let comparison = report::compare(runs)?;
    told(&comparison)?;
    match &asked.out {
        Some(folder) => {
            let page = report::write(&comparison, folder)
                .map_err(|error| format!("{}: {error}", folder.display()))?;
            told(&page.display())?;
        }
        None => told(&"--out DIR writes this as a page.")?,
    }
    let worse = asked
        .fail_over
        .map(|over| report::regressions(&comparison, over));
    match worse {
        Some(worse) if !worse.is_empty() => Ok(ExitCode::FAILURE),
        _ => Ok(ExitCode::SUCCESS),
    }
}

fn serve(settings: &Settings) -> Result<(), Box<dyn std::error::Error>> {
    log_to_stderr();
    // Every reader is an open file. Where the limit can't be raised, it is what it was.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    actix_web::rt::System::new().block_on(async {
        let stop = stop_signal()?;
        let running = server::start(settings).await?;
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

fn announce(running: &server::Running, settings: &Settings) -> io::Result<()> {
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

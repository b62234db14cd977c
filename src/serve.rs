//! `pushlab serve`: runs the server until a signal stops it.

use std::io::{self, Write};

use server::Settings;

use crate::logging;

/// Serves until SIGINT or SIGTERM.
pub fn run(mut settings: Settings) -> Result<(), Box<dyn std::error::Error>> {
    let _log = logging::start(settings.log_format);
    let allowed = connections_allowed(settings.http.workers() as u64);
    let connections = settings.limits.connections.get_or_insert(allowed);
    tracing::info!("at most {connections} connections; the limit of open files allows {allowed}");
    actix_web::rt::System::new().block_on(async {
        let stop = stop_signal()?;
        let server = server::start(&settings).await?;
        announce(&server, &settings)?;
        Ok(server.run(stop).await?)
    })
}

/// Open files that are no connections: the database, listeners, pages that are read, connections that are
/// told that the server is full; and those of a worker.
const OTHER_FILES: u64 = 200;
const FILES_PER_WORKER: u64 = 5;

/// How many connections the limit of open files allows, which is raised before. If it cannot be raised,
/// the old one stays.
fn connections_allowed(workers: u64) -> u32 {
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(1_024);
    let others = OTHER_FILES + FILES_PER_WORKER * workers;
    let connections = files.saturating_sub(others).max(files / 2);
    u32::try_from(connections).unwrap_or(u32::MAX)
}

fn announce(server: &server::BoundServer, settings: &Settings) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "listening on http://{}", server.address)?;
    if let (Some(address), Some(delay)) = (server.behind_link(), settings.http.link) {
        let ms = delay.as_secs_f64() * 1_000.0;
        writeln!(out, "behind {ms} ms: http://{address}")?;
    }
    out.flush()
}

/// Completes on SIGINT or SIGTERM. The signals are handled from this call on.
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

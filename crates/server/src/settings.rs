//! The settings of `pushlab serve`: a struct a concern, each beside what it settles.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use domain::accounts;

use crate::{storage, transport};

/// Everything that can be set.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
pub struct Settings {
    #[command(flatten)]
    pub http: Http,
    #[command(flatten)]
    pub database: storage::Settings,
    #[command(flatten)]
    pub accounts: accounts::AccountSettings,
    #[command(flatten)]
    pub streams: transport::Settings,
}

/// Where and how the server is reached.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "HTTP")]
pub struct Http {
    /// Address to listen on; port 0 picks a free one [default: 127.0.0.1:8080, or 0.0.0.0:$PORT where PORT is set]
    #[arg(long, env = "PUSHLAB_BIND", value_name = "ADDRESS:PORT")]
    pub bind: Option<SocketAddr>,
    /// The port that a hosting platform gives [env alone, where there is no --bind]
    #[arg(long, env = "PORT", hide = true)]
    pub port: Option<u16>,
    /// Threads that serve connections [default: one a core]
    #[arg(long, env = "PUSHLAB_WORKERS", value_name = "1..=256",
          value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: Option<u16>,
    /// How long an idle connection is kept; a poll slower than this opens a new one each time
    #[arg(long, env = "PUSHLAB_KEEP_ALIVE", value_name = "DURATION", default_value = "75s",
          value_parser = protocol::duration::parse)]
    pub keep_alive: Duration,
    /// How long a reader may accept no byte while some are due before it counts as slow
    #[arg(long, env = "PUSHLAB_SLOW_AFTER", value_name = "DURATION", default_value = "10s",
          value_parser = protocol::duration::parse)]
    pub slow_after: Duration,
    /// Serve a second time behind an emulated link with this delay each way, on the next port
    #[arg(long, env = "PUSHLAB_LINK", value_name = "DURATION",
          value_parser = protocol::duration::parse)]
    pub link: Option<Duration>,
    /// Proxies with a fault each, on ports of their own, for the pages to try [default: on where the address is loopback]
    #[arg(long, env = "PUSHLAB_FAULTS", value_name = "on|off",
          value_parser = ["on", "off"])]
    pub faults: Option<String>,
    /// How long a connection may be idle for the proxy that cuts idle ones
    #[arg(long, env = "PUSHLAB_IDLE_CUT", value_name = "DURATION", default_value = "30s",
          value_parser = protocol::duration::parse)]
    pub idle_cut: Duration,
    /// How long the proxy that buffers holds an answer back at most
    #[arg(long, env = "PUSHLAB_HOLD_BACK", value_name = "DURATION", default_value = "8s",
          value_parser = protocol::duration::parse)]
    pub hold_back: Duration,
    /// File with the key that signs cookies, made when missing [default: beside the database]
    #[arg(long, env = "PUSHLAB_KEY_FILE", value_name = "PATH")]
    pub key_file: Option<PathBuf>,
    /// Folder with the lab's reports, which are shown to anybody under /reports/
    #[arg(
        long,
        env = "PUSHLAB_REPORTS",
        value_name = "DIR",
        default_value = "reports"
    )]
    pub reports: PathBuf,
}

impl Http {
    /// The address to listen on.
    pub fn address(&self) -> SocketAddr {
        match (self.bind, self.port) {
            (Some(bind), _) => bind,
            (None, Some(port)) => SocketAddr::from(([0, 0, 0, 0], port)),
            (None, None) => SocketAddr::from(([127, 0, 0, 1], 8080)),
        }
    }

    /// Whether to open proxies with faults besides `server`.
    pub fn has_faults(&self, server: SocketAddr) -> bool {
        match &self.faults {
            Some(choice) => choice == "on",
            None => server.ip().is_loopback(),
        }
    }

    pub fn workers(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, |cores| cores.get());
        self.workers.map_or_else(cores, usize::from)
    }
}

impl Settings {
    /// The file of the cookie key: none for a database that keeps nothing either.
    pub fn key_file(&self) -> Option<PathBuf> {
        let beside = match &self.database.database {
            storage::Location::Memory => None,
            storage::Location::File(path) => Some(path.with_extension("key")),
        };
        self.http.key_file.clone().or(beside)
    }
}

//! The settings of `pushlab serve`. Each part is defined in the module that uses it.

use std::{net::SocketAddr, num::NonZero, path::PathBuf, time::Duration};

use domain::{accounts, chat};

use crate::{
    http::{CookieKeySource, Secret},
    limits, storage, transport,
};

/// All settings of the server.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
pub struct Settings {
    #[command(flatten)]
    pub http: HttpSettings,
    #[command(flatten)]
    pub database: storage::DatabaseSettings,
    #[command(flatten)]
    pub accounts: accounts::AccountSettings,
    #[command(flatten)]
    pub rooms: chat::RoomSettings,
    #[command(flatten)]
    pub streams: transport::StreamSettings,
    #[command(flatten)]
    pub limits: limits::LimitSettings,
    /// The form of the log on standard error
    #[arg(long, env = "PUSHLAB_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text,
          help_heading = "Log")]
    pub log_format: LogFormat,
}

/// The form of the log. Either has one event a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

/// Settings of the HTTP server.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "HTTP")]
pub struct HttpSettings {
    /// Address to listen on; port 0 picks a free one [default: 127.0.0.1:8080, or 0.0.0.0:$PORT if
    /// PORT is set]
    #[arg(long, env = "PUSHLAB_BIND", value_name = "ADDRESS:PORT")]
    pub bind: Option<SocketAddr>,
    /// Hosts under which the server may be asked, beside those of the loopback; `*` for all [default:
    /// none on a loopback address, all on another]
    #[arg(
        long,
        env = "PUSHLAB_ALLOWED_HOSTS",
        value_name = "NAME,…",
        value_delimiter = ','
    )]
    pub allowed_hosts: Vec<String>,
    /// The port that a hosting platform sets [environment only, used without --bind]
    #[arg(long, env = "PORT", hide = true)]
    pub port: Option<u16>,
    /// Threads that serve connections [default: one per core]
    #[arg(long, env = "PUSHLAB_WORKERS", value_name = "1..=256",
          value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: Option<u16>,
    /// How long an idle connection is kept open; polls with longer pauses open a new one each time
    #[arg(long, env = "PUSHLAB_KEEP_ALIVE", value_name = "DURATION", default_value = "75s",
          value_parser = protocol::duration::parse)]
    pub keep_alive: Duration,
    /// How long a reader may accept no byte while some are due before it counts as slow
    #[arg(long, env = "PUSHLAB_SLOW_AFTER", value_name = "DURATION", default_value = "10s",
          value_parser = protocol::duration::parse)]
    pub slow_after: Duration,
    /// Serve a second time behind an emulated link with this delay each way, on the next port (a free
    /// one if the server's is)
    #[arg(long, env = "PUSHLAB_LINK", value_name = "DURATION",
          value_parser = protocol::duration::parse)]
    pub link: Option<Duration>,
    /// Proxies with one fault each, on ports of their own, for demonstrations [default: on if the
    /// address is loopback]
    #[arg(long, env = "PUSHLAB_FAULTS", value_name = "on|off",
          value_parser = ["on", "off"])]
    pub faults: Option<String>,
    /// Timeout of the proxy that closes idle connections
    #[arg(long, env = "PUSHLAB_IDLE_CUT", value_name = "DURATION", default_value = "30s",
          value_parser = protocol::duration::parse)]
    pub idle_cut: Duration,
    /// How long the buffering proxy holds back a response at most
    #[arg(long, env = "PUSHLAB_HOLD_BACK", value_name = "DURATION", default_value = "8s",
          value_parser = protocol::duration::parse)]
    pub hold_back: Duration,
    /// File with the key that signs cookies, created if missing [default: beside a database file; PostgreSQL
    /// keeps the key itself]
    #[arg(long, env = "PUSHLAB_KEY_FILE", value_name = "PATH")]
    pub key_file: Option<PathBuf>,
    /// The key that signs cookies, instead of its file: a secret of at least 43 characters, the same for all
    /// servers of one address, such as `openssl rand -base64 48` prints
    #[arg(long, env = "PUSHLAB_KEY", value_name = "TEXT", hide_env_values = true,
          conflicts_with = "key_file", value_parser = Secret::parse)]
    pub key: Option<Secret>,
    /// Folder with the lab's reports, which are public under /reports/ [default: reports if the address
    /// is loopback, else none]
    #[arg(long, env = "PUSHLAB_REPORTS", value_name = "DIR")]
    pub reports: Option<PathBuf>,
    /// Serve the pages from this folder as they are written, and not bundled from the binary: for whoever
    /// works on them
    #[arg(long = "static", env = "PUSHLAB_STATIC", value_name = "DIR")]
    pub static_folder: Option<PathBuf>,
    /// Serve /metrics on this address only
    #[arg(long, env = "PUSHLAB_METRICS_BIND", value_name = "ADDRESS:PORT")]
    pub metrics_bind: Option<SocketAddr>,
    /// How long readers have to end when the server stops
    #[arg(long, env = "PUSHLAB_DRAIN", value_name = "DURATION", default_value = "8s",
          value_parser = protocol::duration::parse)]
    pub drain: Duration,
}

impl HttpSettings {
    /// The address to listen on.
    pub fn address(&self) -> SocketAddr {
        match (self.bind, self.port) {
            (Some(bind), _) => bind,
            (None, Some(port)) => SocketAddr::from(([0, 0, 0, 0], port)),
            (None, None) => SocketAddr::from(([127, 0, 0, 1], 8080)),
        }
    }

    /// The folder with the reports.
    pub fn reports(&self) -> Option<PathBuf> {
        let default = || self.address().ip().is_loopback().then(|| "reports".into());
        self.reports.clone().or_else(default)
    }

    /// Whether to start proxies with faults in front of `server`.
    pub fn has_faults(&self, server: SocketAddr) -> bool {
        match &self.faults {
            Some(choice) => choice == "on",
            None => server.ip().is_loopback(),
        }
    }

    pub fn workers(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
        self.workers.map_or_else(cores, usize::from)
    }
}

impl Settings {
    /// Where the key of the cookies is.
    pub fn cookie_key(&self) -> CookieKeySource {
        use storage::Location;
        match (&self.http.key, &self.http.key_file, &self.database.database) {
            (Some(secret), _, _) => CookieKeySource::Secret(secret.clone()),
            (None, Some(file), _) => CookieKeySource::File(file.clone()),
            (None, None, Location::File(path)) => CookieKeySource::File(path.with_extension("key")),
            (None, None, Location::Postgres(_)) => CookieKeySource::Database,
            (None, None, Location::Memory) => CookieKeySource::Process,
        }
    }
}

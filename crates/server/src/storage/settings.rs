//! The location of the database, and how durable a commit is.

use std::{fmt, path::PathBuf, str::FromStr};

use super::{postgres::Endpoint, sqlite::Plant};

/// Settings of the database.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Database")]
#[group(skip)]
pub struct DatabaseSettings {
    /// A file, created if missing, or PostgreSQL; `:memory:` keeps nothing
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "PATH|sqlite://PATH|postgres://USER:PASSWORD@HOST:PORT/NAME|:memory:",
        default_value = "data/pushlab.db"
    )]
    pub database: Location,
    /// What a stored message survives: `full`, a power failure; `normal`, a crash of the process only (of
    /// PostgreSQL, `synchronous_commit`)
    #[arg(long, env = "PUSHLAB_SYNC", value_enum, default_value_t = Durability::Full)]
    pub sync: Durability,
    /// Connections for reading; if all are in use, a request waits for one, and gets 503 after 3 s
    #[arg(long, env = "PUSHLAB_DATABASE_CONNECTIONS", value_name = "1..=64", default_value_t = 4,
          value_parser = clap::value_parser!(u32).range(1..=64))]
    pub database_connections: u32,
    /// Before a new version changes the schema, copy the file of the database to its name with `.before-` and
    /// the version of the change
    #[arg(long, env = "PUSHLAB_BACKUP")]
    pub backup: bool,
    /// Plant a fault into the store, to see that scripts/torture finds it
    #[arg(long, hide = true, value_enum)]
    pub plant: Option<Plant>,
}

impl DatabaseSettings {
    /// Those of a command that uses a database by itself.
    pub(super) fn of(database: Location) -> Self {
        DatabaseSettings {
            database,
            sync: Durability::Full,
            database_connections: 1,
            backup: false,
            plant: None,
        }
    }
}

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// Of the process, in SQLite.
    Memory,
    /// Of SQLite.
    File(PathBuf),
    Postgres(Endpoint),
}

/// Without a password.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Memory => f.write_str(":memory:"),
            Location::File(path) => path.display().fmt(f),
            Location::Postgres(endpoint) => endpoint.fmt(f),
        }
    }
}

impl FromStr for Location {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return text.parse().map(Location::Postgres);
        }
        let path = text.strip_prefix("sqlite://").unwrap_or(text);
        match path {
            ":memory:" => Ok(Location::Memory),
            "" => Err("give a path, or :memory: to keep nothing".into()),
            other if other.contains("://") => Err(
                "give a path, sqlite://PATH, postgres://USER:PASSWORD@HOST:PORT/NAME or :memory:"
                    .into(),
            ),
            path => Ok(Location::File(path.into())),
        }
    }
}

/// When a commit is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Durability {
    /// A commit is flushed to the disk.
    Full,
    /// A commit is handed to the operating system.
    Normal,
}

impl Durability {
    pub(super) const fn pragma(self) -> &'static str {
        match self {
            Durability::Full => "FULL",
            Durability::Normal => "NORMAL",
        }
    }
}

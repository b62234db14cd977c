//! The location of the database, and how durable a commit is.

use std::{path::PathBuf, str::FromStr};

use super::plant::Plant;

/// Settings of the database.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Database")]
#[group(skip)]
pub struct DatabaseSettings {
    /// A file, created if missing; `:memory:` keeps nothing
    #[arg(
        long,
        env = "DATABASE_URL",
        value_name = "PATH|sqlite://PATH|:memory:",
        default_value = "data/pushlab.db"
    )]
    pub database: Location,
    /// What a stored message survives: `full`, a power failure; `normal`, a crash of the process only
    #[arg(long, env = "PUSHLAB_SYNC", value_enum, default_value_t = Durability::Full)]
    pub sync: Durability,
    /// Connections for reading; if all are in use, a request waits for one, and gets 503 after 3 s
    #[arg(long, env = "PUSHLAB_DATABASE_CONNECTIONS", value_name = "1..=64", default_value_t = 4,
          value_parser = clap::value_parser!(u32).range(1..=64))]
    pub database_connections: u32,
    /// Before a new version changes the schema, copy the database to its name with `.before-` and the version
    /// of the change
    #[arg(long, env = "PUSHLAB_BACKUP")]
    pub backup: bool,
    /// Plant a fault into the store, to see that scripts/torture finds it
    #[arg(long, hide = true, value_enum)]
    pub plant: Option<Plant>,
}

/// The location of a SQLite database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    Memory,
    File(PathBuf),
}

impl FromStr for Location {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let path = text.strip_prefix("sqlite://").unwrap_or(text);
        match path {
            ":memory:" => Ok(Location::Memory),
            "" => Err("give a path, or :memory: to keep nothing".into()),
            other if other.contains("://") => Err(
                "this build supports SQLite only: give a path, sqlite://PATH or :memory:".into(),
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

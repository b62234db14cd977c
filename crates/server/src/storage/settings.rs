//! Where the data are, and how safe from what.

use std::{path::PathBuf, str::FromStr};

/// The database to use.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Database")]
#[group(skip)]
pub struct Settings {
    /// A file, made when missing; `:memory:` keeps nothing
    #[arg(
        long,
        env = "DATABASE_URL",
        value_name = "PATH|sqlite://PATH|:memory:",
        default_value = "data/pushlab.db"
    )]
    pub database: Location,
    /// StepKind a committed message survives: `full`, a loss of power; `normal`, the end of the process
    #[arg(long, env = "PUSHLAB_SYNC", value_enum, default_value_t = Durability::Full)]
    pub sync: Durability,
    /// Connections for reading; a call that finds all of them taken waits, or is told to come back
    #[arg(long, env = "PUSHLAB_DATABASE_CONNECTIONS", value_name = "1..=64", default_value_t = 4,
          value_parser = clap::value_parser!(u32).range(1..=64))]
    pub database_connections: u32,
}

/// Where a SQLite database is.
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
            "" => Err("a database needs a path; :memory: keeps nothing".into()),
            other if other.contains("://") => {
                Err("this build knows SQLite alone: give a path, sqlite://PATH or :memory:".into())
            }
            path => Ok(Location::File(path.into())),
        }
    }
}

/// When a commit counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Durability {
    /// When it has reached the disk.
    Full,
    /// When the operating system has it.
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

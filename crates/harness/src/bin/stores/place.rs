//! The two kinds of database.

use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use harness::database::Cluster;
use tempfile::TempDir;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub const ALL: [Kind; 2] = [Kind::Sqlite, Kind::Postgres];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Sqlite => "SQLite",
            Kind::Postgres => "PostgreSQL",
        }
    }
}

/// An empty database, which is removed when dropped.
pub enum Place {
    Sqlite(TempDir),
    Postgres(Cluster),
}

impl Place {
    pub fn new(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => Place::Sqlite(tempfile::tempdir().expect("a folder")),
            Kind::Postgres => Place::Postgres(Cluster::start_durable()),
        }
    }

    /// What `--database` takes.
    pub fn location(&self) -> String {
        match self {
            Place::Sqlite(folder) => folder.path().join("lab.db").display().to_string(),
            Place::Postgres(cluster) => cluster.url.clone(),
        }
    }

    /// Runs statements while no server does.
    pub fn run(&self, sql: &str) {
        match self {
            Place::Sqlite(_) => {
                let opened = SqliteConnection::establish(&self.location());
                let mut connection = opened.expect("the file was made by a server");
                connection
                    .batch_execute(sql)
                    .expect("a statement of SQLite");
            }
            Place::Postgres(cluster) => drop(cluster.query(sql)),
        }
    }

    /// The processor time of the database's own processes so far, in nanoseconds.
    pub fn cpu_ns(&self) -> u64 {
        match self {
            Place::Sqlite(_) => 0,
            Place::Postgres(cluster) => cluster.cpu_ns(),
        }
    }
}

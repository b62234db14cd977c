//! A database connection, with the operations that differ between the supported databases.

use diesel::{
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    migration::MigrationSource,
    prelude::*,
    r2d2::{CustomizeConnection, Error},
    sqlite::Sqlite,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{check, settings::Durability};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

/// The versions of all migrations of this build.
pub fn known_migrations() -> Result<Vec<String>, String> {
    let known = MigrationSource::<Sqlite>::migrations(&SQLITE);
    let known = known.map_err(|error| error.to_string())?;
    Ok(known
        .iter()
        .map(|one| one.name().version().to_string())
        .collect())
}

/// A connection to one of the supported databases. Queries are written once, for this type.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    Sqlite(SqliteConnection),
}

impl AnyConnection {
    /// Brings the schema up to date. Refuses a database that a server must not write to.
    pub fn migrate(&mut self) -> Result<(), String> {
        match self {
            AnyConnection::Sqlite(sqlite) => {
                check::refuse_future(sqlite)?;
                let migrated = sqlite.run_pending_migrations(SQLITE);
                migrated.map_err(|error| error.to_string())?;
                check::refuse_bad(sqlite)
            }
        }
    }

    /// Runs `work` in a transaction that holds the write lock from its first statement on. In
    /// SQLite, a transaction that reads first and writes later fails if another has written in
    /// between.
    pub fn write<T>(&mut self, work: impl FnOnce(&mut Self) -> QueryResult<T>) -> QueryResult<T> {
        self.begin()?;
        match work(self) {
            Ok(value) => self.commit().map(|()| value),
            Err(error) => {
                // Return the first error, not that of the rollback.
                let _ = self.roll_back();
                Err(error)
            }
        }
    }

    fn begin(&mut self) -> QueryResult<()> {
        match self {
            AnyConnection::Sqlite(sqlite) => {
                AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")
            }
        }
    }

    fn commit(&mut self) -> QueryResult<()> {
        match self {
            AnyConnection::Sqlite(sqlite) => AnsiTransactionManager::commit_transaction(sqlite),
        }
    }

    fn roll_back(&mut self) -> QueryResult<()> {
        match self {
            AnyConnection::Sqlite(sqlite) => AnsiTransactionManager::rollback_transaction(sqlite),
        }
    }
}

/// Configures each new connection of a pool.
#[derive(Debug)]
pub struct ConnectionSetup {
    pub sync: Durability,
}

impl CustomizeConnection<AnyConnection, Error> for ConnectionSetup {
    fn on_acquire(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        match connection {
            // The timeout comes first: switching to the write-ahead log may have to wait too.
            AnyConnection::Sqlite(sqlite) => sqlite.batch_execute(&format!(
                "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
                 PRAGMA synchronous = {}; PRAGMA foreign_keys = ON;",
                self.sync.pragma()
            )),
        }
        .map_err(Error::QueryError)
    }
}

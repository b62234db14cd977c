//! A database connection, with the operations that differ between the supported databases.

use std::{
    fs::{self, OpenOptions},
    path::Path,
};

use diesel::{
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    migration::MigrationSource,
    prelude::*,
    r2d2::{CustomizeConnection, Error},
    sql_query,
    sql_types::Text,
    sqlite::Sqlite,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{check, private_file};
use crate::storage::Durability;

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
    /// Brings the schema up to date. Refuses a database that a server must not write to. `backup` is where it
    /// is copied before its schema is changed, followed by the version of the change.
    pub fn migrate(&mut self, backup: Option<&str>) -> Result<(), String> {
        match self {
            AnyConnection::Sqlite(sqlite) => {
                check::refuse_future(sqlite)?;
                if let Some(backup) = backup {
                    back_up(sqlite, backup)?;
                }
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

/// Copies a database that has a schema and is about to get another one.
fn back_up(sqlite: &mut SqliteConnection, name: &str) -> Result<(), String> {
    let applied = sqlite.applied_migrations();
    let pending = sqlite.pending_migrations(SQLITE);
    let (Ok(applied), Ok(pending)) = (applied, pending) else {
        return Err("its schema cannot be read".into());
    };
    let Some(first) = pending.first().filter(|_| !applied.is_empty()) else {
        return Ok(());
    };
    let copy = format!("{name}{}", first.name().version());
    if Path::new(&copy).exists() {
        // Of a start whose migration failed.
        return Ok(());
    }
    copy_to(sqlite, &copy).map_err(|error| format!("no copy could be made, {copy}: {error}"))
}

/// Writes what a database has to a new file, which is its owner's alone, and there only once it is whole.
fn copy_to(sqlite: &mut SqliteConnection, copy: &str) -> Result<(), Box<dyn std::error::Error>> {
    let part = format!("{copy}.part");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    private_file::for_owner_alone(&mut options).open(&part)?;
    sql_query("VACUUM INTO ?")
        .bind::<Text, _>(&part)
        .execute(sqlite)?;
    Ok(fs::rename(&part, copy)?)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_what_the_database_has_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy.db");
        let copy = copy.to_str().unwrap();
        let mut sqlite = SqliteConnection::establish(":memory:").unwrap();
        let rows = "CREATE TABLE rows (number INTEGER); INSERT INTO rows VALUES (1), (2)";
        sqlite.batch_execute(rows).unwrap();
        copy_to(&mut sqlite, copy).unwrap();
        let mut copied = SqliteConnection::establish(copy).unwrap();
        let deleted = sql_query("DELETE FROM rows").execute(&mut copied);
        assert_eq!(deleted, Ok(2));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(copy).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn only_a_schema_that_changes_is_copied_before() {
        let mut sqlite = SqliteConnection::establish(":memory:").unwrap();
        let nowhere = "/nowhere/copy-";
        // Nothing is there to be lost, and then nothing changes.
        back_up(&mut sqlite, nowhere).unwrap();
        sqlite.run_pending_migrations(SQLITE).unwrap();
        back_up(&mut sqlite, nowhere).unwrap();
        // An older one has a migration of its own, and those to come are missing.
        let older = "DELETE FROM __diesel_schema_migrations; \
             INSERT INTO __diesel_schema_migrations (version) VALUES ('20000101000000')";
        sqlite.batch_execute(older).unwrap();
        assert!(
            back_up(&mut sqlite, nowhere)
                .unwrap_err()
                .contains("/nowhere/copy-")
        );
    }
}

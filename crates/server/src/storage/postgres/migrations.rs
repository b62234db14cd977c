//! Brings the schema up to date.

use diesel::{migration::MigrationSource, pg::Pg};
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tokio::runtime::Handle;

use super::{Endpoint, endpoint::WITHOUT_LIMITS};
use crate::storage::Durability;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Held while one of several processes that start together migrates; the number stands for this program.
const LOCK: &str = "SELECT pg_advisory_lock(7311000701)";

/// # Errors
/// The database cannot be reached, or a newer version has made it: a sentence with the remedy.
pub async fn run(endpoint: Endpoint) -> Result<(), String> {
    let connection = endpoint.connect(Durability::Full).await;
    let mut connection = connection.map_err(|error| error.to_string())?;
    let lock = format!("{WITHOUT_LIMITS}; {LOCK}");
    let locked = connection.batch_execute(&lock).await;
    locked.map_err(|error| error.to_string())?;
    // The harness blocks. The lock ends with the connection.
    let runtime = Handle::current();
    let migrated = tokio::task::spawn_blocking(move || {
        let _entered = runtime.enter();
        migrate(connection)
    });
    migrated.await.map_err(|error| error.to_string())?
}

fn migrate(connection: AsyncPgConnection) -> Result<(), String> {
    let mut harness = AsyncMigrationHarness::new(connection);
    let applied = harness.applied_migrations();
    let applied = applied.map_err(|error| error.to_string())?;
    let known = MigrationSource::<Pg>::migrations(&MIGRATIONS);
    let known = known.map_err(|error| error.to_string())?;
    let is_known = |version: &String| {
        known
            .iter()
            .any(|one| one.name().version().to_string() == *version)
    };
    let mut applied = applied.iter().map(ToString::to_string);
    if let Some(unknown) = applied.find(|version| !is_known(version)) {
        return Err(format!(
            "a newer pushlab has made it (migration {unknown}): use that version"
        ));
    }
    let migrated = harness.run_pending_migrations(MIGRATIONS);
    migrated.map(drop).map_err(|error| error.to_string())
}

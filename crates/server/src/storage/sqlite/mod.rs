//! The store in SQLite: a file, or memory.

mod accounts;
mod chat;
mod check;
mod connection;
mod failures;
mod file;
mod lock;
mod plant;
mod private_file;

use std::{fs, path::Path, sync::Arc, time::Duration};

use diesel::{
    prelude::*,
    r2d2::{ConnectionManager, CustomizeConnection, Pool},
};
use domain::{
    chat::LOBBY,
    store::{Store, StoreError, StoreFuture},
};
use tokio::{sync::Semaphore, time::timeout};

use super::{Database, DatabaseSettings, Durability, schema::rooms, trouble::Trouble};
use crate::metrics::Metrics;
pub use check::{Finding, check};
use connection::{AnyConnection, ConnectionSetup};
use failures::failed;
use file::OpenedFile;
use lock::DatabaseLock;
pub use plant::Plant;
use plant::Planted;
pub use private_file::for_owner_alone;

type Connections = Pool<ConnectionManager<AnyConnection>>;

/// How long an operation waits for a connection before it fails with [`StoreError::Busy`].
const POOL_TIMEOUT: Duration = Duration::from_secs(3);

/// An open database. Clones share its connections.
#[derive(Clone)]
pub struct Sqlite {
    /// For all operations except those of the writer.
    shared: Connections,
    /// One permit for each connection of `shared`, so that waiting for one blocks no thread.
    permits: Arc<Semaphore>,
    /// For the writer, which must not wait behind readers.
    writer: Connections,
    metrics: Arc<Metrics>,
    /// Of a file. The clones share it, so that it lasts as long as any of them.
    _lock: Option<Arc<DatabaseLock>>,
    /// `None` in memory.
    file: Option<OpenedFile>,
    trouble: Trouble,
    planted: Option<Arc<Planted>>,
}

/// What SQLite says of a checkpoint.
#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    busy: i32,
}

impl Sqlite {
    /// Opens the file, or a database in memory. Creates it if it is missing, and brings its schema up to
    /// date. Blocks.
    ///
    /// # Errors
    /// A sentence with the remedy.
    pub fn open(
        file: Option<&Path>,
        settings: &DatabaseSettings,
        metrics: Arc<Metrics>,
    ) -> Result<Self, String> {
        let location = file.map_or_else(|| ":memory:".into(), |path| path.display().to_string());
        Self::connect(&location, file.is_none(), settings, metrics)
    }

    fn connect(
        location: &str,
        in_memory: bool,
        settings: &DatabaseSettings,
        metrics: Arc<Metrics>,
    ) -> Result<Self, String> {
        let lock = match in_memory {
            true => None,
            false => Some(Arc::new(claim(Path::new(location))?)),
        };
        if !in_memory {
            check::refuse_cut(Path::new(location))?;
        }
        // Connect once without the pool: the pool would retry and then not report the reason.
        connect_once(location, settings.sync)
            .map_err(|error| with_remedy(location, &error.to_string()))?;
        let writer = pool(location, 1, settings.sync)?;
        // A SQLite database in memory belongs to one connection.
        let (shared, size) = if in_memory {
            (writer.clone(), 1)
        } else {
            let size = settings.database_connections;
            (pool(location, size, settings.sync)?, size)
        };
        let backup = format!("{location}.before-");
        let backup = (settings.backup && !in_memory).then_some(&backup[..]);
        let mut connection = writer.get().map_err(|error| error.to_string())?;
        connection
            .migrate(backup)
            .map_err(|error| with_remedy(location, &error))?;
        drop(connection);
        let file = (!in_memory).then(|| OpenedFile::new(Path::new(location)));
        let file = file.transpose().map_err(|error| error.to_string())?;
        Ok(Sqlite {
            shared,
            permits: Arc::new(Semaphore::new(size as usize)),
            writer,
            metrics,
            _lock: lock,
            file,
            trouble: Trouble::default(),
            planted: settings.plant.map(|plant| Arc::new(Planted::new(plant))),
        })
    }

    fn check_file(&self) -> Result<(), StoreError> {
        self.file.as_ref().map_or(Ok(()), OpenedFile::check)
    }

    /// Runs `query` on a connection from the pool, on a blocking thread.
    fn run<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut AnyConnection) -> QueryResult<T> + Send + 'static,
    ) -> StoreFuture<T> {
        let db = self.clone();
        Box::pin(async move {
            let waited = db.metrics.pool_wait_seconds.start_timer();
            let permit = timeout(POOL_TIMEOUT, db.permits.clone().acquire_owned()).await;
            waited.observe_duration();
            let Ok(permit) = permit else {
                db.metrics.pool_refusals.inc();
                return Err(StoreError::Busy);
            };
            let pool = db.shared.clone();
            tokio::task::spawn_blocking(move || {
                let _permit = permit;
                query(&mut *pool.get().map_err(failed)?).map_err(failed)
            })
            .await
            .map_err(failed)?
        })
    }
}

impl Store for Sqlite {
    fn ping(&self) -> StoreFuture<()> {
        let db = self.clone();
        let asked = match self.trouble.is_over() {
            true => self.run(|connection| diesel::sql_query("SELECT 1").execute(connection)),
            false => self.run(|connection| connection.write(rewrite)),
        };
        Box::pin(async move {
            db.check_file()?;
            let answered = asked.await.map(drop);
            db.trouble.observe(&answered);
            answered
        })
    }
}

impl Database for Sqlite {
    fn cookie_key(&self) -> StoreFuture<Option<Vec<u8>>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    /// Moves what the write-ahead log has into the database, which is then one file.
    fn close(&self) {
        let closed = self.writer.get().map_err(|error| error.to_string());
        let closed = closed.and_then(|mut connection| {
            let moved = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)");
            let moved = moved.get_result::<Checkpoint>(&mut *connection);
            moved.map_err(|error| error.to_string())
        });
        match closed {
            Ok(Checkpoint { busy: 0 }) => {}
            Ok(_) => tracing::warn!("somebody uses the database: its write-ahead log stays"),
            Err(why) => tracing::warn!(%why, "the write-ahead log stays beside the database"),
        }
    }
}

/// Writes what is there already. Not at once: SQLite writes no row that stays the same.
fn rewrite(connection: &mut AnyConnection) -> QueryResult<usize> {
    let mut add = |number: i64| {
        diesel::update(rooms::table.filter(rooms::name.eq(LOBBY)))
            .set(rooms::head.eq(rooms::head + number))
            .execute(connection)
    };
    add(1)?;
    add(-1)
}

fn pool(location: &str, size: u32, sync: Durability) -> Result<Connections, String> {
    Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        // A database in memory is lost when its connection is closed.
        .max_lifetime(None)
        .idle_timeout(None)
        .test_on_check_out(false)
        .connection_timeout(Duration::from_secs(10))
        .connection_customizer(Box::new(ConnectionSetup { sync }))
        .build(ConnectionManager::new(location))
        .map_err(|error| error.to_string())
}

/// What SQLite says of a file that is damaged, with what can be done.
fn with_remedy(location: &str, error: &str) -> String {
    match failures::is_damage(error) {
        true => format!(
            "{error}: put a backup in its place; `pushlab check {location}` tells what is wrong with it"
        ),
        false => error.to_owned(),
    }
}

fn connect_once(location: &str, sync: Durability) -> Result<(), Box<dyn std::error::Error>> {
    let mut connection = AnyConnection::establish(location)?;
    Ok(ConnectionSetup { sync }.on_acquire(&mut connection)?)
}

/// Creates a database file if it is missing, and locks it for this server.
fn claim(database: &Path) -> Result<DatabaseLock, String> {
    create_folder(database).map_err(|error| error.to_string())?;
    let lock = DatabaseLock::take(database)?;
    private_file::make_private(database).map_err(|error| error.to_string())?;
    Ok(lock)
}

fn create_folder(database: &Path) -> std::io::Result<()> {
    match database.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::create_dir_all(folder),
        _ => Ok(()),
    }
}

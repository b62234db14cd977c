//! The database: keeps what the chat and the accounts ask for, over diesel.

mod accounts;
mod chat;
mod connection;
mod schema;
mod settings;

use std::{fs, path::Path, sync::Arc, time::Duration};

use diesel::{
    Connection, QueryResult, RunQueryDsl,
    r2d2::{ConnectionManager, CustomizeConnection, Pool},
};
use domain::store::{Store, StoreError, StoreFuture};
use tokio::{sync::Semaphore, time::timeout};

use crate::metrics::Metrics;
use connection::{AnyConnection, Prepare};
pub use settings::{Durability, Location, Settings};

type Connections = Pool<ConnectionManager<AnyConnection>>;

/// How long a call waits for a connection before it is told that the database is busy.
const PATIENCE: Duration = Duration::from_secs(3);

/// An open database. Clones share its connections.
#[derive(Clone)]
pub struct Db {
    /// For everything that is asked of it from a runtime.
    shared: Connections,
    /// As many permits as `shared` has connections: waiting for one blocks no thread.
    permits: Arc<Semaphore>,
    /// For the writer of messages, which must not queue behind readers.
    writer: Connections,
    metrics: Arc<Metrics>,
}

/// Why a database did not open.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the database {place}: {why}")]
pub struct OpenDatabaseError {
    place: String,
    why: String,
}

impl Db {
    /// Opens the database, makes it when missing, and brings its schema up to date. Blocks.
    pub fn open(settings: &Settings, metrics: Arc<Metrics>) -> Result<Self, OpenDatabaseError> {
        let (place, in_memory) = match &settings.database {
            Location::Memory => (":memory:".to_owned(), true),
            Location::File(path) => (path.display().to_string(), false),
        };
        Self::connect(&place, in_memory, settings, metrics)
            .map_err(|why| OpenDatabaseError { place, why })
    }

    fn connect(
        place: &str,
        in_memory: bool,
        settings: &Settings,
        metrics: Arc<Metrics>,
    ) -> Result<Self, String> {
        if !in_memory {
            make_folder(Path::new(place)).map_err(|error| error.to_string())?;
        }
        // A pool would try again and again, and then not say why.
        try_out(place, settings.sync).map_err(|error| error.to_string())?;
        let writer = pool(place, 1, settings.sync)?;
        // A SQLite database in memory belongs to one connection.
        let (shared, size) = if in_memory {
            (writer.clone(), 1)
        } else {
            let size = settings.database_connections;
            (pool(place, size, settings.sync)?, size)
        };
        writer.get().map_err(|error| error.to_string())?.migrate()?;
        Ok(Db {
            shared,
            permits: Arc::new(Semaphore::new(size as usize)),
            writer,
            metrics,
        })
    }

    /// Runs `query` on a connection of its own, off the runtime's threads.
    fn run<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut AnyConnection) -> QueryResult<T> + Send + 'static,
    ) -> StoreFuture<T> {
        let db = self.clone();
        Box::pin(async move {
            let waited = db.metrics.pool_wait_seconds.start_timer();
            let permit = timeout(PATIENCE, db.permits.clone().acquire_owned()).await;
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

impl Store for Db {
    fn ping(&self) -> StoreFuture<()> {
        self.run(|connection| diesel::sql_query("SELECT 1").execute(connection).map(drop))
    }
}

fn pool(place: &str, size: u32, sync: Durability) -> Result<Connections, String> {
    Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        // A database in memory would be gone with its connection.
        .max_lifetime(None)
        .idle_timeout(None)
        .test_on_check_out(false)
        .connection_timeout(Duration::from_secs(10))
        .connection_customizer(Box::new(Prepare { sync }))
        .build(ConnectionManager::new(place))
        .map_err(|error| error.to_string())
}

fn try_out(place: &str, sync: Durability) -> Result<(), Box<dyn std::error::Error>> {
    let mut connection = AnyConnection::establish(place)?;
    Ok(Prepare { sync }.on_acquire(&mut connection)?)
}

fn make_folder(database: &Path) -> std::io::Result<()> {
    match database.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::create_dir_all(folder),
        _ => Ok(()),
    }
}

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Failed(error.to_string())
}

fn now_us() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

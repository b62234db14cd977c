//! The store in PostgreSQL.

mod accounts;
mod chat;
mod commit;
pub mod endpoint;
mod failures;
mod migrations;
pub mod statement;
mod tls;

use std::{sync::Arc, time::Duration};

use deadpool::Runtime;
use diesel::{ConnectionError, prelude::*};
use diesel_async::{
    AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
        deadpool::{Object, Pool, PoolError},
    },
};
use domain::store::{Store, StoreError, StoreFuture};
use futures_util::{FutureExt, TryFutureExt, future::BoxFuture};
use tokio::{runtime::Handle, time::timeout};

use super::{Database, DatabaseSettings, Durability, schema::rooms, trouble::Trouble};
use crate::metrics::Metrics;
pub use endpoint::Endpoint;
use failures::{failed, is_closed, too_slow, unreachable_database};

diesel::table! {
    // A view with one row: what tells one history from another.
    history (parts) {
        parts -> Text,
    }
}

diesel::table! {
    // One row.
    shared (is_only) {
        is_only -> Bool,
        epoch -> Text,
        cookie_key -> Binary,
    }
}

diesel::allow_tables_to_appear_in_same_query!(history, rooms);

type Connections = Pool<AsyncPgConnection>;

/// How long the answer to a query may take; longer than the database itself tries.
const ANSWER: Duration = Duration::from_secs(8);
/// How long an operation waits for a connection before it fails with [`StoreError::Busy`].
const POOL_TIMEOUT: Duration = Duration::from_secs(3);

/// A database. Clones share its connections.
#[derive(Clone)]
pub struct Postgres {
    /// For all operations except those of the writer.
    shared: Connections,
    /// For the writer, which must not wait behind readers.
    writer: Connections,
    /// On which the writer's thread waits for the database.
    runtime: Handle,
    metrics: Arc<Metrics>,
    trouble: Trouble,
}

impl Postgres {
    /// Connects, and brings the schema up to date.
    ///
    /// # Errors
    /// The database cannot be reached or used: a sentence.
    pub async fn open(
        endpoint: &Endpoint,
        settings: &DatabaseSettings,
        metrics: Arc<Metrics>,
    ) -> Result<Self, String> {
        migrations::run(endpoint.clone()).await?;
        Ok(Postgres {
            shared: pool(endpoint, settings.sync, settings.database_connections)?,
            writer: pool(endpoint, settings.sync, 1)?,
            runtime: Handle::current(),
            metrics,
            trouble: Trouble::default(),
        })
    }

    /// Runs `query` on a connection that readers share. One that turns out to be closed, since the database was
    /// restarted, has not answered it; a new one is opened, once.
    fn run<T: Send + 'static>(&self, query: impl Query<T>) -> StoreFuture<T> {
        let store = self.clone();
        Box::pin(async move {
            let waited = store.metrics.pool_wait_seconds.start_timer();
            let answer = run_on(&store.shared, query, || waited.observe_duration()).await;
            if matches!(answer, Err(StoreError::Busy)) {
                store.metrics.pool_refusals.inc();
            }
            answer
        })
    }

    /// Runs `query` on the writer's connection, while the writer waits for it.
    fn run_as_writer<T: Send + 'static>(&self, query: impl Query<T>) -> StoreFuture<T> {
        let writer = self.writer.clone();
        Box::pin(async move { run_on(&writer, query, || ()).await })
    }
}

/// A query that may be asked again.
trait Query<T>:
    for<'c> Fn(&'c mut AsyncPgConnection) -> BoxFuture<'c, QueryResult<T>> + Send + Sync + 'static
{
}

impl<T, F> Query<T> for F where
    F: for<'c> Fn(&'c mut AsyncPgConnection) -> BoxFuture<'c, QueryResult<T>>
        + Send
        + Sync
        + 'static
{
}

async fn run_on<T>(
    pool: &Connections,
    query: impl Query<T>,
    connected: impl FnOnce(),
) -> Result<T, StoreError> {
    let first = connection(pool).await;
    connected();
    let (answer, first) = ask(first?, &query).await?;
    match answer {
        Err(error) if is_closed(&error) => {
            drop(Object::take(first));
            // The others were opened before, too.
            pool.retain(|_, _| false);
            ask(connection(pool).await?, &query)
                .await?
                .0
                .map_err(failed)
        }
        other => other.map_err(failed),
    }
}

/// The answer to a query, and the connection. One that does not answer in time is given up.
async fn ask<T>(
    mut connection: Object<AsyncPgConnection>,
    query: &impl Query<T>,
) -> Result<(QueryResult<T>, Object<AsyncPgConnection>), StoreError> {
    let answer = timeout(ANSWER, query(&mut connection)).await;
    if let Ok(answer) = answer {
        return Ok((answer, connection));
    }
    drop(Object::take(connection));
    Err(too_slow(ANSWER))
}

async fn connection(pool: &Connections) -> Result<Object<AsyncPgConnection>, StoreError> {
    pool.get().await.map_err(|error| match error {
        PoolError::Timeout(_) => StoreError::Busy,
        error => unreachable_database(&error),
    })
}

/// Stores more than a page of the table has room for, which must find a place on the disk, and takes it back.
const TRY: &str = "DO $$ BEGIN \
     INSERT INTO messages (room_id, seq, author, display_name, body, sent_at) \
     SELECT (SELECT min(id) FROM rooms), 9223372036854775807 - i, '', '', \
     decode(repeat('00', 1900), 'hex'), 0 FROM generate_series(0, 4) AS i; \
     RAISE EXCEPTION USING ERRCODE = 'TRIED'; EXCEPTION WHEN SQLSTATE 'TRIED' THEN NULL; END $$";

impl Store for Postgres {
    fn ping(&self) -> StoreFuture<()> {
        let store = self.clone();
        let question = match self.trouble.is_over() {
            true => "SELECT 1",
            false => TRY,
        };
        let asked = self.run(move |connection| connection.batch_execute(question).boxed());
        Box::pin(async move {
            let answered = match (asked.await, store.trouble.why()) {
                // All connections wait for a database that does not answer.
                (Err(StoreError::Busy), Some(why)) => Err(StoreError::Unavailable(why)),
                (answered, _) => answered,
            };
            store.trouble.observe(&answered);
            answered
        })
    }
}

impl Database for Postgres {
    fn cookie_key(&self) -> StoreFuture<Option<Vec<u8>>> {
        self.run(|connection| {
            let kept = shared::table.select(shared::cookie_key).first(connection);
            kept.map_ok(Some).boxed()
        })
    }

    fn close(&self) {}
}

fn pool(endpoint: &Endpoint, sync: Durability, size: u32) -> Result<Connections, String> {
    let endpoint = endpoint.clone();
    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    // A connection works where it was opened: not on the worker that asked for it first, which may be busy
    // while another waits for an answer.
    let runtime = Handle::current();
    config.custom_setup = Box::new(move |_| {
        let endpoint = endpoint.clone();
        let opening = runtime.spawn(async move { endpoint.connect(sync).await });
        Box::pin(async move {
            opening
                .await
                .unwrap_or_else(|error| Err(ConnectionError::BadConnection(error.to_string())))
        })
    });
    // The custom setup knows the address.
    let manager = AsyncDieselConnectionManager::new_with_config("", config);
    Pool::builder(manager)
        .max_size(size as usize)
        .wait_timeout(Some(POOL_TIMEOUT))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| error.to_string())
}

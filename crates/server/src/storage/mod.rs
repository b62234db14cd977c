//! The database: implements the traits of the domain with diesel, in SQLite and in PostgreSQL.

mod migrate;
mod postgres;
mod rows;
mod schema;
mod settings;
mod sqlite;
mod trouble;

use std::sync::Arc;

use domain::{
    accounts::AccountStore,
    chat::ChatStore,
    store::{Store, StoreFuture},
};

use crate::metrics::Metrics;
pub use migrate::{Copied, migrate};
use postgres::Postgres;
pub use settings::{DatabaseSettings, Durability, Location};
use sqlite::Sqlite;
pub(crate) use sqlite::for_owner_alone;
pub use sqlite::{Finding, check};

/// A database that a server uses.
pub trait Database: ChatStore + AccountStore + Store {
    /// The key that it keeps for the cookies of all its servers; `None` if it keeps none.
    fn cookie_key(&self) -> StoreFuture<Option<Vec<u8>>>;
    /// Leaves it as a server does that stops. Blocks.
    fn close(&self);
}

/// The epoch of a database's history, after another has begun if `renew` says so.
///
/// # Errors
/// The database cannot be used: a sentence.
pub async fn epoch(location: Location, renew: bool) -> Result<String, String> {
    match &location {
        Location::Memory => return Err("memory has no history: give a file or postgres://…".into()),
        // Not created: another one is meant.
        Location::File(path) if !path.exists() => {
            return Err(format!("{location}: there is no such file"));
        }
        _ => {}
    }
    let settings = DatabaseSettings::of(location);
    let database = open(&settings, Arc::new(Metrics::new())).await;
    let database = database.map_err(|error| error.to_string())?;
    let told = async {
        let epoch = database.epoch().await?;
        match renew {
            true => database.renew_epoch(epoch).await,
            false => Ok(epoch),
        }
    };
    let told = told.await.map_err(|error| error.to_string());
    database.close();
    told
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the database {location}: {why}")]
pub struct OpenDatabaseError {
    location: String,
    why: String,
}

/// Opens the database, and brings its schema up to date.
///
/// # Errors
/// It cannot be reached or used.
pub async fn open(
    settings: &DatabaseSettings,
    metrics: Arc<Metrics>,
) -> Result<Arc<dyn Database>, OpenDatabaseError> {
    let database: Result<Arc<dyn Database>, String> = match &settings.database {
        Location::Memory => {
            Sqlite::open(None, settings, metrics).map(|opened| Arc::new(opened) as _)
        }
        Location::File(path) => {
            Sqlite::open(Some(path), settings, metrics).map(|opened| Arc::new(opened) as _)
        }
        Location::Postgres(endpoint) => Postgres::open(endpoint, settings, metrics)
            .await
            .map(|opened| Arc::new(opened) as _),
    };
    database.map_err(|why| OpenDatabaseError {
        location: settings.database.to_string(),
        why,
    })
}

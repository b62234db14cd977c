//! Copies all accounts, rooms and messages of one database into another, which is empty.
//!
//! The target gets all of it in one transaction, so that a copy that was interrupted leaves nothing there.

mod postgres;
mod sqlite;

use std::path::Path;

use diesel::{
    QueryResult, Queryable, QueryableByName,
    sql_types::{BigInt, Binary, Nullable, Text},
};

use super::{DatabaseSettings, Location, postgres::Endpoint};
use crate::metrics::Metrics;

/// How many rows are read and written at once.
const PAGE: i64 = 1_000;

/// How much was copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    pub accounts: usize,
    pub rooms: usize,
    pub messages: usize,
}

/// An account as it is stored. Its sessions are left behind.
#[derive(Queryable)]
struct AccountRow {
    id: i64,
    username: String,
    display_name: String,
    password_hash: String,
    created_at: i64,
}

/// A room as it is stored.
#[derive(Queryable)]
struct RoomRow {
    id: i64,
    name: String,
    title: String,
    created_by: Option<String>,
    head: i64,
}

/// A message as it is stored.
#[derive(QueryableByName)]
struct MessageRow {
    #[diesel(sql_type = BigInt)]
    room_id: i64,
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Text)]
    author: String,
    #[diesel(sql_type = Text)]
    display_name: String,
    /// UTF-8.
    #[diesel(sql_type = Binary)]
    body: Vec<u8>,
    #[diesel(sql_type = Nullable<Text>)]
    key: Option<String>,
    #[diesel(sql_type = BigInt)]
    sent_at: i64,
}

/// What both databases must have in common of a room.
#[derive(Debug, PartialEq, Eq, QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    head: i64,
    #[diesel(sql_type = BigInt)]
    messages: i64,
    /// The greatest `seq`.
    #[diesel(sql_type = BigInt)]
    last: i64,
}

/// Of all rooms.
const SUMS: &str = "SELECT id, name, head, count(seq) AS messages, coalesce(max(seq), 0) AS last \
     FROM rooms LEFT JOIN messages ON room_id = id GROUP BY id, name, head ORDER BY id";

/// A database that is read or written.
trait Side {
    /// What is read from then on is of one moment.
    async fn begin_reading(&mut self) -> QueryResult<()>;
    /// What is written from then on is there with [`Side::commit`]. Nobody else writes.
    async fn begin_writing(&mut self) -> QueryResult<()>;
    async fn commit(&mut self) -> QueryResult<()>;
    /// Whether it has no more than a new database.
    async fn is_empty(&mut self) -> QueryResult<bool>;
    /// The next accounts after an id.
    async fn accounts(&mut self, after: i64) -> QueryResult<Vec<AccountRow>>;
    /// The next rooms after an id.
    async fn rooms(&mut self, after: i64) -> QueryResult<Vec<RoomRow>>;
    /// The next messages after one, by room and `seq`.
    async fn messages(&mut self, after: (i64, i64)) -> QueryResult<Vec<MessageRow>>;
    async fn add_accounts(&mut self, rows: &[AccountRow]) -> QueryResult<()>;
    /// Takes the rooms of a new database away.
    async fn remove_rooms(&mut self) -> QueryResult<()>;
    async fn add_rooms(&mut self, rows: &[RoomRow]) -> QueryResult<()>;
    async fn add_messages(&mut self, rows: &[MessageRow]) -> QueryResult<()>;
    /// Brings up to date what the database derives from its rows.
    async fn finish(&mut self) -> QueryResult<()>;
    async fn count_accounts(&mut self) -> QueryResult<i64>;
    /// Of all rooms, by their ids.
    async fn sums(&mut self) -> QueryResult<Vec<Sum>>;
}

/// # Errors
/// A database cannot be used, the target has data, or what arrived differs: a sentence. The target is then as
/// it was.
pub async fn migrate(from: &Location, to: &Location) -> Result<Copied, String> {
    check(from, to)?;
    // Both get the schema of this version, and a file stays locked for as long as it is used.
    let mut opened = Vec::new();
    for location in [from, to] {
        let settings = DatabaseSettings::of(location.clone());
        let database = super::open(&settings, Metrics::new().into()).await;
        opened.push(database.map_err(|error| error.to_string())?);
    }
    let copied = match (from, to) {
        (Location::File(from), Location::File(to)) => copy(file(from)?, file(to)?).await,
        (Location::File(from), Location::Postgres(to)) => {
            copy(file(from)?, server(to).await?).await
        }
        (Location::Postgres(from), Location::File(to)) => {
            copy(server(from).await?, file(to)?).await
        }
        (Location::Postgres(from), Location::Postgres(to)) => {
            copy(server(from).await?, server(to).await?).await
        }
        (Location::Memory, _) | (_, Location::Memory) => Err(NOT_KEPT.into()),
    };
    for database in opened {
        database.close();
    }
    copied
}

const NOT_KEPT: &str = "memory keeps nothing: give a file or postgres://…";

/// Refuses what cannot be meant, before anything is opened.
fn check(from: &Location, to: &Location) -> Result<(), String> {
    let canonical = |location: &Location| match location {
        Location::File(path) => path.canonicalize().ok(),
        _ => None,
    };
    if matches!((from, to), (Location::Memory, _) | (_, Location::Memory)) {
        return Err(NOT_KEPT.into());
    }
    if matches!(from, Location::File(path) if !path.exists()) {
        return Err(format!("{from}: there is no such file"));
    }
    let is_one_file = canonical(from).is_some_and(|file| canonical(to) == Some(file));
    match is_one_file || from == to {
        true => Err("give two databases".into()),
        false => Ok(()),
    }
}

fn file(path: &Path) -> Result<diesel::SqliteConnection, String> {
    sqlite::connect(path).map_err(|error| format!("{}: {error}", path.display()))
}

async fn server(endpoint: &Endpoint) -> Result<diesel_async::AsyncPgConnection, String> {
    let connected = postgres::connect(endpoint).await;
    connected.map_err(|error| format!("{endpoint}: {error}"))
}

async fn copy(mut from: impl Side, mut to: impl Side) -> Result<Copied, String> {
    let read = |error: diesel::result::Error| format!("the source: {error}");
    let written = |error: diesel::result::Error| format!("the target: {error}");
    from.begin_reading().await.map_err(read)?;
    to.begin_writing().await.map_err(written)?;
    if !to.is_empty().await.map_err(written)? {
        return Err("the target has data: give an empty database".into());
    }
    to.remove_rooms().await.map_err(written)?;
    let mut copied = Copied::default();
    let mut last = i64::MIN;
    loop {
        let rows = from.accounts(last).await.map_err(read)?;
        let Some(row) = rows.last() else { break };
        last = row.id;
        to.add_accounts(&rows).await.map_err(written)?;
        copied.accounts += rows.len();
    }
    last = i64::MIN;
    loop {
        let rows = from.rooms(last).await.map_err(read)?;
        let Some(row) = rows.last() else { break };
        last = row.id;
        to.add_rooms(&rows).await.map_err(written)?;
        copied.rooms += rows.len();
    }
    let mut last = (i64::MIN, i64::MIN);
    loop {
        let rows = from.messages(last).await.map_err(read)?;
        let Some(row) = rows.last() else { break };
        last = (row.room_id, row.seq);
        to.add_messages(&rows).await.map_err(written)?;
        copied.messages += rows.len();
    }
    to.finish().await.map_err(written)?;
    compare(&mut from, &mut to).await?;
    to.commit().await.map_err(written)?;
    Ok(copied)
}

/// Holds what arrived to what there was.
async fn compare(from: &mut impl Side, to: &mut impl Side) -> Result<(), String> {
    let accounts = (from.count_accounts().await, to.count_accounts().await);
    let rooms = (from.sums().await, to.sums().await);
    let failed = |error: diesel::result::Error| error.to_string();
    let (before, after) = (accounts.0.map_err(failed)?, accounts.1.map_err(failed)?);
    if before != after {
        return Err(format!("of {before} accounts {after} arrived"));
    }
    let (before, after) = (rooms.0.map_err(failed)?, rooms.1.map_err(failed)?);
    let differing = before.iter().zip(&after).find(|(one, other)| one != other);
    match differing {
        Some((one, other)) => Err(format!("a room arrived as {other:?}, and was {one:?}")),
        None if before.len() != after.len() => Err("not all rooms arrived".into()),
        None => Ok(()),
    }
}

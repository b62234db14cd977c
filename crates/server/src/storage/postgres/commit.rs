//! The writer's transaction.
//!
//! It locks the rooms of its batch, so that several servers may store at once, and takes as many statements
//! for many messages as for one.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use diesel::{
    QueryResult, QueryableByName,
    result::{DatabaseErrorKind, Error},
    sql_types::{BigInt, Binary, Nullable, Text},
};
use diesel_async::{
    AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection, pooled_connection::deadpool::Object,
};
use domain::{
    chat::{Committed, Draft, StoredDraft},
    store::StoreError,
};
use protocol::Message;
use tokio::time::{Instant, sleep, timeout};

use super::{
    Postgres,
    chat::MessageRow,
    failures::{failed, is_closed, too_slow, unreachable_database},
    statement::{Statement, Value},
};
use crate::storage::rows;

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(8);
/// How long it is tried to find out what became of a commit whose answer was lost.
const PATIENCE: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(50);
/// How often a transaction is tried again that has met another one.
const MOST_CONFLICTS: u32 = 5;

/// Whatever the role's defaults are.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
/// The time is read once a room's lock is held, so that it does not go back in a room.
const LOCK: &str = "WITH locked AS MATERIALIZED \
     (SELECT id, name, head, newest_at FROM rooms WHERE name = ANY(?) ORDER BY id FOR UPDATE) \
     SELECT locked.*, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now, parts \
     FROM locked, history";
const KNOWN: &str = "SELECT room_id, seq, author, display_name, body, key, sent_at FROM messages \
     JOIN unnest(?, ?, ?) AS wanted (room_id, author, key) USING (room_id, author, key) \
     WHERE key IS NOT NULL";
const STORE: &str = "WITH counted AS (UPDATE rooms SET head = new.head, newest_at = new.newest_at \
     FROM unnest(?, ?, ?) AS new (id, head, newest_at) WHERE rooms.id = new.id) \
     INSERT INTO messages (room_id, seq, author, display_name, body, key, sent_at) \
     SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?)";
const STORED: &str = "SELECT room_id, seq, author, display_name, body, key, sent_at FROM messages \
     JOIN unnest(?, ?) AS wanted (room_id, seq) USING (room_id, seq)";

/// A room whose row is locked.
#[derive(QueryableByName)]
struct LockedRoom {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    head: i64,
    #[diesel(sql_type = BigInt)]
    newest_at: i64,
    #[diesel(sql_type = BigInt)]
    now: i64,
    /// What tells its history from others.
    #[diesel(sql_type = Text)]
    parts: String,
}

/// A message with its room.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    room_id: i64,
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Text)]
    author: String,
    #[diesel(sql_type = Text)]
    display_name: String,
    #[diesel(sql_type = Binary)]
    body: Vec<u8>,
    #[diesel(sql_type = Nullable<Text>)]
    key: Option<String>,
    #[diesel(sql_type = BigInt)]
    sent_at: i64,
}

/// What became of one draft: its row, and whether the draft made it.
type Outcome = (Row, bool);

/// What an attempt stores.
#[derive(Clone)]
struct Attempt {
    /// What tells its history from others.
    parts: String,
    /// In the order of the drafts.
    outcomes: Vec<Outcome>,
}

impl Attempt {
    fn new_rows(&self) -> impl Iterator<Item = &Row> {
        let new = self.outcomes.iter().filter(|(_, is_new)| *is_new);
        new.map(|(row, _)| row)
    }
}

/// Why an attempt failed.
enum Failure {
    /// It has met another transaction, and nothing is stored.
    Conflict(StoreError),
    /// The connection was closed, and nothing is stored.
    Closed(StoreError),
    /// Nothing is stored.
    Other(StoreError),
    /// The commit was asked for, and its answer is missing.
    InDoubt(String, Attempt),
}

impl Failure {
    fn before_commit(error: Error) -> Self {
        use DatabaseErrorKind::{SerializationFailure, Unknown};

        match &error {
            Error::DatabaseError(SerializationFailure, _) => Failure::Conflict(failed(error)),
            Error::DatabaseError(Unknown, about) if about.message().contains("deadlock") => {
                Failure::Conflict(failed(error))
            }
            _ if is_closed(&error) => Failure::Closed(failed(error)),
            _ => Failure::Other(failed(error)),
        }
    }
}

impl Postgres {
    /// Stores all the drafts or none. It is tried again where nothing was stored for sure; where that is in
    /// doubt, the rooms' locks tell that the attempt before has ended, and their rows how.
    pub(super) async fn store(&self, drafts: &[Draft]) -> Result<Committed, StoreError> {
        let mut doubts_since = None;
        let mut in_doubt: Option<Attempt> = None;
        let (mut conflicts, mut was_closed) = (0, false);
        loop {
            let attempt = self.attempt(drafts, in_doubt.as_ref()).await;
            let error = match attempt {
                Ok(attempt) => return Ok(committed(drafts, attempt)),
                Err(Failure::InDoubt(why, attempt)) => {
                    in_doubt = Some(attempt);
                    StoreError::Unavailable(why)
                }
                Err(Failure::Conflict(_)) if conflicts < MOST_CONFLICTS => {
                    conflicts += 1;
                    continue;
                }
                // The pool has kept it while the database was restarted.
                Err(Failure::Closed(_)) if !was_closed => {
                    was_closed = true;
                    continue;
                }
                Err(Failure::Conflict(error) | Failure::Closed(error) | Failure::Other(error)) => {
                    error
                }
            };
            if in_doubt.is_none() {
                return Err(error);
            }
            // It is looked up at least once.
            let since = *doubts_since.get_or_insert_with(Instant::now);
            if since.elapsed() > PATIENCE {
                return Err(StoreError::Unknown(error.to_string()));
            }
            sleep(PAUSE).await;
        }
    }

    async fn attempt(
        &self,
        drafts: &[Draft],
        in_doubt: Option<&Attempt>,
    ) -> Result<Attempt, Failure> {
        let connection = self.writer.get().await;
        let mut connection =
            connection.map_err(|error| Failure::Other(unreachable_database(&error)))?;
        let attempt = transaction(&mut connection, drafts, in_doubt).await;
        if attempt.is_err() {
            // Whatever is left of the transaction ends with it.
            drop(Object::take(connection));
        }
        attempt
    }
}

async fn transaction(
    connection: &mut AsyncPgConnection,
    drafts: &[Draft],
    in_doubt: Option<&Attempt>,
) -> Result<Attempt, Failure> {
    let prepared = timeout(ATTEMPT, prepare(connection, drafts, in_doubt)).await;
    let attempt = match prepared {
        Ok(prepared) => prepared.map_err(Failure::before_commit)?,
        Err(_) => return Err(Failure::Other(too_slow(ATTEMPT))),
    };
    match timeout(ATTEMPT, connection.batch_execute("COMMIT")).await {
        Ok(Ok(())) => Ok(attempt),
        Ok(Err(error)) => Err(Failure::InDoubt(error.to_string(), attempt)),
        Err(_) => Err(Failure::InDoubt(
            "the commit was not answered".into(),
            attempt,
        )),
    }
}

/// Everything but the commit.
async fn prepare(
    connection: &mut AsyncPgConnection,
    drafts: &[Draft],
    in_doubt: Option<&Attempt>,
) -> QueryResult<Attempt> {
    connection.batch_execute(BEGIN).await?;
    let mut batch = Batch::lock(connection, drafts).await?;
    if let Some(before) = in_doubt
        && is_stored(connection, before).await?
    {
        return Ok(before.clone());
    }
    batch.find_known(connection, drafts).await?;
    let attempt = Attempt {
        outcomes: batch.number(drafts)?,
        parts: std::mem::take(&mut batch.parts),
    };
    let new: Vec<_> = attempt.new_rows().collect();
    if !new.is_empty() {
        batch.store(connection, &new).await?;
    }
    Ok(attempt)
}

/// Whether what an attempt would have stored is there. It all is, or nothing.
async fn is_stored(connection: &mut AsyncPgConnection, attempt: &Attempt) -> QueryResult<bool> {
    let new: Vec<_> = attempt.new_rows().collect();
    let values = vec![
        Value::Numbers(new.iter().map(|row| row.room_id).collect()),
        Value::Numbers(new.iter().map(|row| row.seq).collect()),
    ];
    let found: Vec<Row> = Statement::new(STORED, values).load(connection).await?;
    Ok(found.len() == new.len() && found.iter().all(|row| new.contains(&row)))
}

/// The rooms of a batch, which are locked, and what is known of it.
struct Batch {
    /// What tells the history from others.
    parts: String,
    rooms: HashMap<String, RoomNumbering>,
    /// Messages that are stored already, by room, author and key.
    known: HashMap<(i64, String, String), Row>,
}

/// The last `seq` and time given out in a room.
struct RoomNumbering {
    id: i64,
    head: i64,
    newest_at: i64,
    /// When it was locked.
    now: i64,
}

impl Batch {
    /// Locks the rooms in one order, so that two batches do not wait for each other.
    async fn lock(connection: &mut AsyncPgConnection, drafts: &[Draft]) -> QueryResult<Self> {
        let names: HashSet<_> = drafts.iter().map(|draft| draft.room.as_str()).collect();
        let values = vec![Value::Texts(names.into_iter().collect())];
        let locked: Vec<LockedRoom> = Statement::new(LOCK, values).load(connection).await?;
        let parts = locked.iter().map(|room| room.parts.clone()).next();
        let numbering = |room: LockedRoom| {
            let numbering = RoomNumbering {
                id: room.id,
                head: room.head,
                newest_at: room.newest_at,
                now: room.now,
            };
            (room.name, numbering)
        };
        Ok(Batch {
            parts: parts.unwrap_or_default(),
            rooms: locked.into_iter().map(numbering).collect(),
            known: HashMap::new(),
        })
    }

    fn room(&self, draft: &Draft) -> QueryResult<&RoomNumbering> {
        self.rooms.get(&draft.room).ok_or(Error::NotFound)
    }

    /// Finds the messages that are stored with keys of the batch, before any number is taken.
    async fn find_known(
        &mut self,
        connection: &mut AsyncPgConnection,
        drafts: &[Draft],
    ) -> QueryResult<()> {
        let (mut rooms, mut authors, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        for draft in drafts {
            if let Some(key) = &draft.key {
                rooms.push(self.room(draft)?.id);
                authors.push(&*draft.author.username);
                keys.push(key.as_str());
            }
        }
        if keys.is_empty() {
            return Ok(());
        }
        let values = vec![
            Value::Numbers(rooms),
            Value::Texts(authors),
            Value::Texts(keys),
        ];
        let found: Vec<Row> = Statement::new(KNOWN, values).load(connection).await?;
        self.known = found.into_iter().filter_map(by_key).collect();
        Ok(())
    }

    /// Gives each draft that is new the next number of its room.
    fn number(&mut self, drafts: &[Draft]) -> QueryResult<Vec<Outcome>> {
        let mut outcomes = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let room = self.rooms.get_mut(&draft.room).ok_or(Error::NotFound)?;
            let author = draft.author.username.to_string();
            let key = draft.key.clone().map(|key| (room.id, author.clone(), key));
            if let Some(known) = key.as_ref().and_then(|key| self.known.get(key)) {
                outcomes.push((known.clone(), false));
                continue;
            }
            room.head += 1;
            room.newest_at = room.now.max(room.newest_at + 1);
            let row = Row {
                room_id: room.id,
                seq: room.head,
                author,
                display_name: draft.author.display_name.to_string(),
                body: draft.body.clone().into_bytes(),
                key: draft.key.clone(),
                sent_at: room.newest_at,
            };
            // The same key again in this batch.
            self.known.extend(key.map(|key| (key, row.clone())));
            outcomes.push((row, true));
        }
        Ok(outcomes)
    }

    /// Writes new messages, and what has been given out in each room.
    async fn store(&self, connection: &mut AsyncPgConnection, new: &[&Row]) -> QueryResult<()> {
        let rooms = || self.rooms.values();
        let rows = || new.iter();
        let values = vec![
            Value::Numbers(rooms().map(|room| room.id).collect()),
            Value::Numbers(rooms().map(|room| room.head).collect()),
            Value::Numbers(rooms().map(|room| room.newest_at).collect()),
            Value::Numbers(rows().map(|row| row.room_id).collect()),
            Value::Numbers(rows().map(|row| row.seq).collect()),
            Value::Texts(rows().map(|row| row.author.as_str()).collect()),
            Value::Texts(rows().map(|row| row.display_name.as_str()).collect()),
            Value::Bytes(rows().map(|row| row.body.as_slice()).collect()),
            Value::OptionalTexts(rows().map(|row| row.key.as_deref()).collect()),
            Value::Numbers(rows().map(|row| row.sent_at).collect()),
        ];
        let stored = Statement::new(STORE, values).execute(connection);
        stored.await.map(drop)
    }
}

fn by_key(row: Row) -> Option<((i64, String, String), Row)> {
    let key = (row.room_id, row.author.clone(), row.key.clone()?);
    Some((key, row))
}

fn committed(drafts: &[Draft], attempt: Attempt) -> Committed {
    let each = drafts.iter().zip(attempt.outcomes);
    let stored = each.map(|(draft, (row, is_new))| StoredDraft {
        message: row.into_message(&draft.room),
        is_new,
    });
    Committed {
        epoch: rows::epoch(&attempt.parts),
        stored: stored.collect(),
    }
}

impl Row {
    fn into_message(self, room: &str) -> Message {
        MessageRow {
            seq: self.seq,
            author: self.author,
            display_name: self.display_name,
            body: self.body,
            key: self.key,
            sent_at: self.sent_at,
        }
        .into_message(room)
    }
}

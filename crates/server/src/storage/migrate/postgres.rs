//! A database of PostgreSQL as a source or a target.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

use super::{AccountRow, MessageRow, PAGE, RoomRow, Side, Sum};
use crate::storage::{
    Durability,
    postgres::{
        Endpoint,
        endpoint::{USE_ALONE, WITHOUT_LIMITS},
        statement::{Statement, Value},
    },
    schema::{accounts, rooms},
};

const MESSAGES: &str = "SELECT room_id, seq, author, display_name, body, key, sent_at \
     FROM messages WHERE (room_id, seq) > (?, ?) ORDER BY room_id, seq LIMIT ?";
const ADD_ACCOUNTS: &str = "INSERT INTO accounts (id, username, display_name, password_hash, created_at) \
     SELECT * FROM unnest(?, ?, ?, ?, ?)";
const ADD_ROOMS: &str = "INSERT INTO rooms (id, name, title, created_by, head) \
     SELECT * FROM unnest(?, ?, ?, ?, ?)";
const ADD_MESSAGES: &str = "INSERT INTO messages \
     (room_id, seq, author, display_name, body, key, sent_at) SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?)";
/// Of an empty table there is no greatest id, and its numbers begin with 1.
const FINISH: &str = "SELECT setval(pg_get_serial_sequence('accounts', 'id'), max(id)) FROM accounts; \
     SELECT setval(pg_get_serial_sequence('rooms', 'id'), max(id)) FROM rooms; \
     UPDATE rooms SET newest_at = sent_at FROM messages WHERE room_id = id AND seq = head";

/// A connection that waits for as long as a statement takes. No server uses the database meanwhile.
///
/// # Errors
/// It cannot be reached, or a server uses it: a sentence.
pub async fn connect(endpoint: &Endpoint) -> Result<AsyncPgConnection, String> {
    let connected = endpoint.connect(Durability::Full).await;
    let mut connection = connected.map_err(|error| error.to_string())?;
    let alone = connection.batch_execute(USE_ALONE).await;
    alone.map_err(|error| format!("a server uses it: stop that first ({error})"))?;
    let set = connection.batch_execute(WITHOUT_LIMITS).await;
    set.map_err(|error| error.to_string())?;
    Ok(connection)
}

impl Side for AsyncPgConnection {
    async fn begin_reading(&mut self) -> QueryResult<()> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        self.batch_execute(begin).await
    }

    async fn begin_writing(&mut self) -> QueryResult<()> {
        let begin = "BEGIN; LOCK TABLE accounts, rooms, messages IN EXCLUSIVE MODE";
        self.batch_execute(begin).await
    }

    async fn commit(&mut self) -> QueryResult<()> {
        self.batch_execute("COMMIT").await
    }

    async fn is_empty(&mut self) -> QueryResult<bool> {
        let accounts: i64 = accounts::table.count().get_result(self).await?;
        let used = rooms::name.ne(domain::chat::LOBBY).or(rooms::head.ne(0));
        let rooms: i64 = rooms::table.filter(used).count().get_result(self).await?;
        Ok(accounts + rooms == 0)
    }

    async fn accounts(&mut self, after: i64) -> QueryResult<Vec<AccountRow>> {
        accounts::table
            .filter(accounts::id.gt(after))
            .order(accounts::id)
            .limit(PAGE)
            .load(self)
            .await
    }

    async fn rooms(&mut self, after: i64) -> QueryResult<Vec<RoomRow>> {
        rooms::table
            .filter(rooms::id.gt(after))
            .order(rooms::id)
            .limit(PAGE)
            .load(self)
            .await
    }

    async fn messages(&mut self, (room, seq): (i64, i64)) -> QueryResult<Vec<MessageRow>> {
        let values = vec![Value::Number(room), Value::Number(seq), Value::Number(PAGE)];
        Statement::new(MESSAGES, values).load(self).await
    }

    async fn add_accounts(&mut self, rows: &[AccountRow]) -> QueryResult<()> {
        let rows = || rows.iter();
        let values = vec![
            Value::Numbers(rows().map(|row| row.id).collect()),
            Value::Texts(rows().map(|row| row.username.as_str()).collect()),
            Value::Texts(rows().map(|row| row.display_name.as_str()).collect()),
            Value::Texts(rows().map(|row| row.password_hash.as_str()).collect()),
            Value::Numbers(rows().map(|row| row.created_at).collect()),
        ];
        add(self, Statement::new(ADD_ACCOUNTS, values)).await
    }

    async fn remove_rooms(&mut self) -> QueryResult<()> {
        diesel::delete(rooms::table).execute(self).await.map(drop)
    }

    async fn add_rooms(&mut self, rows: &[RoomRow]) -> QueryResult<()> {
        let rows = || rows.iter();
        let values = vec![
            Value::Numbers(rows().map(|row| row.id).collect()),
            Value::Texts(rows().map(|row| row.name.as_str()).collect()),
            Value::Texts(rows().map(|row| row.title.as_str()).collect()),
            Value::OptionalTexts(rows().map(|row| row.created_by.as_deref()).collect()),
            Value::Numbers(rows().map(|row| row.head).collect()),
        ];
        add(self, Statement::new(ADD_ROOMS, values)).await
    }

    async fn add_messages(&mut self, rows: &[MessageRow]) -> QueryResult<()> {
        let rows = || rows.iter();
        let values = vec![
            Value::Numbers(rows().map(|row| row.room_id).collect()),
            Value::Numbers(rows().map(|row| row.seq).collect()),
            Value::Texts(rows().map(|row| row.author.as_str()).collect()),
            Value::Texts(rows().map(|row| row.display_name.as_str()).collect()),
            Value::Bytes(rows().map(|row| row.body.as_slice()).collect()),
            Value::OptionalTexts(rows().map(|row| row.key.as_deref()).collect()),
            Value::Numbers(rows().map(|row| row.sent_at).collect()),
        ];
        add(self, Statement::new(ADD_MESSAGES, values)).await
    }

    async fn finish(&mut self) -> QueryResult<()> {
        self.batch_execute(FINISH).await
    }

    async fn count_accounts(&mut self) -> QueryResult<i64> {
        accounts::table.count().get_result(self).await
    }

    async fn sums(&mut self) -> QueryResult<Vec<Sum>> {
        diesel::sql_query(super::SUMS).load(self).await
    }
}

async fn add(connection: &mut AsyncPgConnection, statement: Statement<'_>) -> QueryResult<()> {
    statement.execute(connection).await.map(drop)
}

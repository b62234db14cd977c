//! A file as a source or a target.

use std::path::Path;

use diesel::{ConnectionResult, connection::SimpleConnection, prelude::*, sql_types::BigInt};

use super::{AccountRow, MessageRow, PAGE, RoomRow, Side, Sum};
use crate::storage::schema::{accounts, messages, rooms};

const MESSAGES: &str = "SELECT room_id, seq, author, display_name, CAST(body AS BLOB) AS body, key, sent_at \
     FROM messages WHERE (room_id, seq) > (?, ?) ORDER BY room_id, seq LIMIT ?";

pub fn connect(file: &Path) -> ConnectionResult<SqliteConnection> {
    let mut connection = SqliteConnection::establish(&file.to_string_lossy())?;
    let set = connection.batch_execute("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL");
    set.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

impl Side for SqliteConnection {
    async fn begin_reading(&mut self) -> QueryResult<()> {
        self.batch_execute("BEGIN")
    }

    async fn begin_writing(&mut self) -> QueryResult<()> {
        self.batch_execute("BEGIN IMMEDIATE")
    }

    async fn commit(&mut self) -> QueryResult<()> {
        self.batch_execute("COMMIT")
    }

    async fn is_empty(&mut self) -> QueryResult<bool> {
        let accounts: i64 = accounts::table.count().get_result(self)?;
        let used = rooms::name.ne(domain::chat::LOBBY).or(rooms::head.ne(0));
        let rooms: i64 = rooms::table.filter(used).count().get_result(self)?;
        Ok(accounts + rooms == 0)
    }

    async fn accounts(&mut self, after: i64) -> QueryResult<Vec<AccountRow>> {
        accounts::table
            .filter(accounts::id.gt(after))
            .order(accounts::id)
            .limit(PAGE)
            .load(self)
    }

    async fn rooms(&mut self, after: i64) -> QueryResult<Vec<RoomRow>> {
        rooms::table
            .filter(rooms::id.gt(after))
            .order(rooms::id)
            .limit(PAGE)
            .load(self)
    }

    async fn messages(&mut self, (room, seq): (i64, i64)) -> QueryResult<Vec<MessageRow>> {
        let next = diesel::sql_query(MESSAGES)
            .bind::<BigInt, _>(room)
            .bind::<BigInt, _>(seq)
            .bind::<BigInt, _>(PAGE);
        next.load(self)
    }

    async fn add_accounts(&mut self, rows: &[AccountRow]) -> QueryResult<()> {
        for row in rows {
            diesel::insert_into(accounts::table)
                .values((
                    accounts::id.eq(row.id),
                    accounts::username.eq(&row.username),
                    accounts::display_name.eq(&row.display_name),
                    accounts::password_hash.eq(&row.password_hash),
                    accounts::created_at.eq(row.created_at),
                ))
                .execute(self)?;
        }
        Ok(())
    }

    async fn remove_rooms(&mut self) -> QueryResult<()> {
        diesel::delete(rooms::table).execute(self).map(drop)
    }

    async fn add_rooms(&mut self, rows: &[RoomRow]) -> QueryResult<()> {
        for row in rows {
            diesel::insert_into(rooms::table)
                .values((
                    rooms::id.eq(row.id),
                    rooms::name.eq(&row.name),
                    rooms::title.eq(&row.title),
                    rooms::created_by.eq(&row.created_by),
                    rooms::head.eq(row.head),
                ))
                .execute(self)?;
        }
        Ok(())
    }

    async fn add_messages(&mut self, rows: &[MessageRow]) -> QueryResult<()> {
        for row in rows {
            diesel::insert_into(messages::table)
                .values((
                    messages::room_id.eq(row.room_id),
                    messages::seq.eq(row.seq),
                    messages::author.eq(&row.author),
                    messages::display_name.eq(&row.display_name),
                    messages::body.eq(&*String::from_utf8_lossy(&row.body)),
                    messages::key.eq(&row.key),
                    messages::sent_at.eq(row.sent_at),
                ))
                .execute(self)?;
        }
        Ok(())
    }

    async fn finish(&mut self) -> QueryResult<()> {
        Ok(())
    }

    async fn count_accounts(&mut self) -> QueryResult<i64> {
        accounts::table.count().get_result(self)
    }

    async fn sums(&mut self) -> QueryResult<Vec<Sum>> {
        diesel::sql_query(super::SUMS).load(self)
    }
}

//! Stores rooms, and reads messages.

use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::{
    chat::{ChatStore, Committed, Draft, NewRoom, RoomRow},
    store::{StoreError, StoreFuture},
};
use futures_util::{FutureExt, TryStreamExt};
use protocol::Message;

use super::{Postgres, history, shared};
use crate::storage::{
    rows::{self, MOST_BYTES, ROOM, column, rfc3339, room},
    schema::rooms,
};

// Its body is of another type than SQLite's.
diesel::table! {
    messages (room_id, seq) {
        room_id -> BigInt,
        seq -> BigInt,
        author -> Text,
        display_name -> Text,
        body -> Binary,
        key -> Nullable<Text>,
        sent_at -> BigInt,
    }
}

/// A row of the messages table, without the room.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = messages)]
pub struct MessageRow {
    pub seq: i64,
    pub author: String,
    pub display_name: String,
    pub body: Vec<u8>,
    pub key: Option<String>,
    pub sent_at: i64,
}

impl MessageRow {
    pub fn into_message(self, room: &str) -> Message {
        Message {
            seq: self.seq as u64,
            room: room.into(),
            author: self.author,
            display_name: self.display_name,
            body: String::from_utf8_lossy(&self.body).into_owned(),
            key: self.key,
            sent_at: rfc3339(self.sent_at),
        }
    }
}

impl ChatStore for Postgres {
    fn rooms(&self) -> StoreFuture<Vec<RoomRow>> {
        self.run(|connection| {
            Box::pin(async move {
                let rows = rooms::table.select(ROOM).load(connection).await?;
                Ok(rows.into_iter().map(room).collect())
            })
        })
    }

    fn epoch(&self) -> StoreFuture<String> {
        self.run(|connection| read_epoch(connection).boxed())
    }

    fn renew_epoch(&self, old: String) -> StoreFuture<String> {
        self.run_as_writer(move |connection| {
            let old = old.clone();
            Box::pin(async move {
                // Two processes may find it together.
                let stored: String = shared::table
                    .select(shared::epoch)
                    .first(connection)
                    .await?;
                if read_epoch(connection).await? == old {
                    diesel::update(shared::table.filter(shared::epoch.eq(stored)))
                        .set(shared::epoch.eq(sql("gen_random_uuid()::text")))
                        .execute(connection)
                        .await?;
                }
                read_epoch(connection).await
            })
        })
    }

    fn room(&self, name: String) -> StoreFuture<Option<(RoomRow, String)>> {
        self.run(move |connection| {
            let name = name.clone();
            Box::pin(async move {
                // In one statement, so that the head is of this epoch.
                let parts = history::table.select(history::parts).single_value();
                let found = rooms::table
                    .filter(rooms::name.eq(name))
                    .select((ROOM, parts))
                    .first::<(_, Option<String>)>(connection)
                    .await
                    .optional()?;
                let epoch = |parts: Option<String>| rows::epoch(&parts.unwrap_or_default());
                Ok(found.map(|(row, parts)| (room(row), epoch(parts))))
            })
        })
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn recent_rooms(&self) -> StoreFuture<Vec<RoomRow>> {
        self.run(|connection| {
            Box::pin(async move {
                let since = sql::<Bool>(
                    "newest_at > (extract(epoch FROM clock_timestamp()) - 10) * 1000000",
                );
                let rows = rooms::table
                    .filter(since)
                    .select(ROOM)
                    .load(connection)
                    .await?;
                Ok(rows.into_iter().map(room).collect())
            })
        })
    }

    fn heads(&self) -> StoreFuture<Vec<(String, u64)>> {
        self.run_as_writer(|connection| {
            Box::pin(async move {
                let heads = rooms::table.select((rooms::name, rooms::head));
                let heads = heads.load::<(String, i64)>(connection).await?;
                let unsigned = |(name, head)| (name, i64::cast_unsigned(head));
                Ok(heads.into_iter().map(unsigned).collect())
            })
        })
    }

    fn create_room(&self, room: NewRoom) -> StoreFuture<bool> {
        self.run(move |connection| {
            let room = room.clone();
            Box::pin(async move {
                let created = diesel::insert_into(rooms::table)
                    .values((
                        rooms::name.eq(&room.name),
                        rooms::title.eq(&room.title),
                        rooms::created_by.eq(&room.created_by),
                        rooms::head.eq(0),
                    ))
                    .on_conflict(rooms::name)
                    .do_nothing()
                    .execute(connection)
                    .await?;
                Ok(created == 1)
            })
        })
    }

    fn messages_after(&self, room: String, seq: u64, limit: usize) -> StoreFuture<Vec<Message>> {
        self.run(move |connection| {
            let room = room.clone();
            Box::pin(async move {
                let id = room_id(connection, &room).await?;
                let mut rows = messages::table
                    .filter(messages::room_id.eq(id))
                    .filter(messages::seq.gt(column(seq)))
                    .order(messages::seq.asc())
                    .limit(limit as i64)
                    .select(MessageRow::as_select())
                    .load_stream::<MessageRow>(connection)
                    .await?;
                let (mut read, mut bytes) = (Vec::new(), 0);
                while let Some(row) = rows.try_next().await? {
                    bytes += row.body.len();
                    read.push(row.into_message(&room));
                    if bytes > MOST_BYTES {
                        break;
                    }
                }
                Ok(read)
            })
        })
    }

    fn oldest_before(
        &self,
        room: String,
        seq: u64,
        limit: usize,
    ) -> StoreFuture<Option<(u64, usize)>> {
        self.run(move |connection| {
            let room = room.clone();
            Box::pin(async move {
                let id = room_id(connection, &room).await?;
                let newest: Vec<i64> = messages::table
                    .filter(messages::room_id.eq(id))
                    .filter(messages::seq.lt(column(seq)))
                    .order(messages::seq.desc())
                    .limit(limit as i64)
                    .select(messages::seq)
                    .load(connection)
                    .await?;
                let first = newest.last();
                Ok(first.map(|first| (i64::cast_unsigned(*first), newest.len())))
            })
        })
    }

    fn commit(&self, drafts: &[Draft]) -> Result<Committed, StoreError> {
        let outcome = self.runtime.block_on(self.store(drafts));
        self.trouble.observe(&outcome);
        outcome
    }
}

async fn read_epoch(connection: &mut AsyncPgConnection) -> QueryResult<String> {
    let parts: String = history::table
        .select(history::parts)
        .first(connection)
        .await?;
    Ok(rows::epoch(&parts))
}

async fn room_id(connection: &mut AsyncPgConnection, name: &str) -> QueryResult<i64> {
    rooms::table
        .filter(rooms::name.eq(name))
        .select(rooms::id)
        .first(connection)
        .await
}

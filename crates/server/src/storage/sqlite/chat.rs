//! Stores rooms and messages.

use std::{collections::HashMap, future::ready};

use diesel::{connection::DefaultLoadingMode, dsl::sql, prelude::*};
use domain::{
    chat::{ChatStore, Committed, Draft, NewRoom, RoomRow, StoredDraft},
    store::{StoreError, StoreFuture},
};
use protocol::Message;

use super::{AnyConnection, Sqlite, failures::failed};
use crate::storage::{
    rows::{MOST_BYTES, ROOM, column, epoch, now_us, rfc3339, room},
    schema::{history, messages, rooms},
};

/// A row of the messages table, without the room.
#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
struct MessageRow {
    seq: i64,
    author: String,
    display_name: String,
    body: String,
    key: Option<String>,
    sent_at: i64,
}

impl MessageRow {
    fn into_message(self, room: &str) -> Message {
        Message {
            seq: self.seq as u64,
            room: room.into(),
            author: self.author,
            display_name: self.display_name,
            body: self.body,
            key: self.key,
            sent_at: rfc3339(self.sent_at),
        }
    }
}

impl ChatStore for Sqlite {
    fn rooms(&self) -> StoreFuture<Vec<RoomRow>> {
        self.run(|connection| {
            let rows = rooms::table.select(ROOM).load(connection)?;
            Ok(rows.into_iter().map(room).collect())
        })
    }

    fn epoch(&self) -> StoreFuture<String> {
        self.run(read_epoch)
    }

    fn renew_epoch(&self, old: String) -> StoreFuture<String> {
        self.run(move |connection| {
            connection.write(|connection| {
                if read_epoch(connection)? == old {
                    diesel::update(history::table)
                        .set(history::epoch.eq(sql("lower(hex(randomblob(16)))")))
                        .execute(connection)?;
                }
                read_epoch(connection)
            })
        })
    }

    fn room(&self, name: String) -> StoreFuture<Option<(RoomRow, String)>> {
        if self
            .planted
            .as_ref()
            .is_some_and(|planted| planted.hides_rooms())
        {
            return Box::pin(ready(Ok(None)));
        }
        self.run(move |connection| {
            let found = rooms::table
                .filter(rooms::name.eq(name))
                .select(ROOM)
                .first(connection)
                .optional()?;
            let epoch = read_epoch(connection)?;
            Ok(found.map(|row| (room(row), epoch)))
        })
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn recent_rooms(&self) -> StoreFuture<Vec<RoomRow>> {
        Box::pin(ready(Ok(Vec::new())))
    }

    fn heads(&self) -> StoreFuture<Vec<(String, u64)>> {
        self.run(|connection| {
            let heads = rooms::table.select((rooms::name, rooms::head));
            let heads = heads.load::<(String, i64)>(connection)?;
            let unsigned = |(name, head)| (name, i64::cast_unsigned(head));
            Ok(heads.into_iter().map(unsigned).collect())
        })
    }

    fn create_room(&self, room: NewRoom) -> StoreFuture<bool> {
        self.run(move |connection| connection.write(|connection| create_room(connection, &room)))
    }

    fn messages_after(&self, room: String, seq: u64, limit: usize) -> StoreFuture<Vec<Message>> {
        self.run(move |connection| {
            let rows = messages::table
                .filter(messages::room_id.eq(room_id(connection, &room)?))
                .filter(messages::seq.gt(column(seq)))
                .order(messages::seq.asc())
                .limit(limit as i64)
                .select(MessageRow::as_select())
                .load_iter::<MessageRow, DefaultLoadingMode>(connection)?;
            let mut read = Vec::new();
            let mut bytes = 0;
            for row in rows {
                let row = row?;
                bytes += row.body.len();
                read.push(row.into_message(&room));
                if bytes > MOST_BYTES {
                    break;
                }
            }
            Ok(read)
        })
    }

    fn oldest_before(
        &self,
        room: String,
        seq: u64,
        limit: usize,
    ) -> StoreFuture<Option<(u64, usize)>> {
        self.run(move |connection| {
            let newest: Vec<i64> = messages::table
                .filter(messages::room_id.eq(room_id(connection, &room)?))
                .filter(messages::seq.lt(column(seq)))
                .order(messages::seq.desc())
                .limit(limit as i64)
                .select(messages::seq)
                .load(connection)?;
            let first = newest.last();
            Ok(first.map(|first| (i64::cast_unsigned(*first), newest.len())))
        })
    }

    fn commit(&self, drafts: &[Draft]) -> Result<Committed, StoreError> {
        let outcome = self.check_file().and_then(|()| self.store(drafts));
        self.trouble.observe(&outcome);
        outcome
    }
}

impl Sqlite {
    fn store(&self, drafts: &[Draft]) -> Result<Committed, StoreError> {
        let mut connection = self.writer.get().map_err(failed)?;
        let store = |connection: &mut AnyConnection| {
            Ok(Committed {
                stored: Batch::default().store(connection, drafts)?,
                epoch: read_epoch(connection)?,
            })
        };
        let stored = match &self.planted {
            Some(planted) => planted.write(&mut connection, store),
            None => connection.write(store),
        };
        stored.map_err(failed)
    }
}

fn read_epoch(connection: &mut AnyConnection) -> QueryResult<String> {
    let stored: String = history::table.select(history::epoch).first(connection)?;
    Ok(epoch(&stored))
}

fn room_id(connection: &mut AnyConnection, name: &str) -> QueryResult<i64> {
    rooms::table
        .filter(rooms::name.eq(name))
        .select(rooms::id)
        .first(connection)
}

fn create_room(connection: &mut AnyConnection, room: &NewRoom) -> QueryResult<bool> {
    let matching = rooms::table.filter(rooms::name.eq(&room.name));
    let taken: i64 = matching.count().get_result(connection)?;
    if taken == 0 {
        diesel::insert_into(rooms::table)
            .values((
                rooms::name.eq(&room.name),
                rooms::title.eq(&room.title),
                rooms::created_by.eq(&room.created_by),
                rooms::head.eq(0),
            ))
            .execute(connection)?;
    }
    Ok(taken == 0)
}

/// Stores the drafts of one transaction, which holds the write lock. Each room's head is read with its
/// first draft, and written back with the last `seq` at the end.
#[derive(Default)]
struct Batch<'a> {
    rooms: HashMap<&'a str, RoomNumbering>,
}

/// The last `seq` given out in a room.
struct RoomNumbering {
    id: i64,
    head: i64,
}

impl<'a> Batch<'a> {
    fn store(
        mut self,
        connection: &mut AnyConnection,
        drafts: &'a [Draft],
    ) -> QueryResult<Vec<StoredDraft>> {
        let mut stored = Vec::with_capacity(drafts.len());
        for draft in drafts {
            stored.push(self.store_one(connection, draft)?);
        }
        for room in self.rooms.values() {
            diesel::update(rooms::table.find(room.id))
                .set(rooms::head.eq(room.head))
                .execute(connection)?;
        }
        Ok(stored)
    }

    fn store_one(
        &mut self,
        connection: &mut AnyConnection,
        draft: &'a Draft,
    ) -> QueryResult<StoredDraft> {
        let room = self.numbering(connection, &draft.room)?;
        let row = MessageRow {
            seq: room.head + 1,
            author: draft.author.username.to_string(),
            display_name: draft.author.display_name.to_string(),
            body: draft.body.clone(),
            key: draft.key.clone(),
            sent_at: now_us(),
        };
        // Nearly every draft is new, so its key is looked up only when the index has refused it.
        let (row, is_new) = match insert(connection, room.id, &row) {
            Ok(()) => (row, true),
            Err(error) => (existing(connection, room.id, draft, error)?, false),
        };
        room.head += i64::from(is_new);
        Ok(StoredDraft {
            message: row.into_message(&draft.room),
            is_new,
        })
    }

    fn numbering(
        &mut self,
        connection: &mut AnyConnection,
        name: &'a str,
    ) -> QueryResult<&mut RoomNumbering> {
        if !self.rooms.contains_key(name) {
            let (id, head) = rooms::table
                .filter(rooms::name.eq(name))
                .select((rooms::id, rooms::head))
                .first(connection)?;
            self.rooms.insert(name, RoomNumbering { id, head });
        }
        Ok(self.rooms.get_mut(name).expect("inserted above"))
    }
}

/// The message that was stored with the key of a draft, which a unique index has refused.
///
/// # Errors
/// That of the insertion, if it was for another reason.
fn existing(
    connection: &mut AnyConnection,
    room: i64,
    draft: &Draft,
    error: diesel::result::Error,
) -> QueryResult<MessageRow> {
    use diesel::result::{DatabaseErrorKind::UniqueViolation, Error::DatabaseError};

    let (DatabaseError(UniqueViolation, _), Some(key)) = (&error, &draft.key) else {
        return Err(error);
    };
    let found = messages::table
        .filter(messages::room_id.eq(room))
        .filter(messages::author.eq(&*draft.author.username))
        .filter(messages::key.eq(key))
        .select(MessageRow::as_select())
        .first(connection)
        .optional()?;
    found.ok_or(error)
}

fn insert(connection: &mut AnyConnection, room: i64, row: &MessageRow) -> QueryResult<()> {
    diesel::insert_into(messages::table)
        .values((
            messages::room_id.eq(room),
            messages::seq.eq(row.seq),
            messages::author.eq(&row.author),
            messages::display_name.eq(&row.display_name),
            messages::body.eq(&row.body),
            messages::key.eq(&row.key),
            messages::sent_at.eq(row.sent_at),
        ))
        .execute(connection)
        .map(drop)
}

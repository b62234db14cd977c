//! The database operations that the chat needs.

use protocol::Message;

use super::Draft;
use crate::store::{StoreError, StoreFuture};

/// A room as it is stored.
#[derive(Clone, Debug)]
pub struct RoomRow {
    pub name: String,
    pub title: String,
    pub created_by: Option<String>,
    pub head: u64,
}

/// A room to be created.
#[derive(Clone, Debug)]
pub struct NewRoom {
    pub name: String,
    pub title: String,
    pub created_by: String,
}

impl From<NewRoom> for RoomRow {
    fn from(room: NewRoom) -> Self {
        RoomRow {
            name: room.name,
            title: room.title,
            created_by: Some(room.created_by),
            head: 0,
        }
    }
}

/// The message that a draft became. If its author had already used the key, that is the message
/// stored first, and `is_new` is false.
#[derive(Clone, Debug)]
pub struct StoredDraft {
    pub message: Message,
    pub is_new: bool,
}

/// What became of a batch of drafts.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The epoch of the history to which they were added.
    pub epoch: String,
    /// In the order of the drafts.
    pub stored: Vec<StoredDraft>,
}

/// Stores rooms and their messages.
pub trait ChatStore: Send + Sync {
    /// The epoch of the history that is stored, as [`History`](super::History) says.
    fn epoch(&self) -> StoreFuture<String>;
    /// Begins another history, if `old` is still the epoch of the one that is stored. Returns the epoch of
    /// that which is stored then.
    fn renew_epoch(&self, old: String) -> StoreFuture<String>;
    /// A room, and the epoch of the history to which its head belongs; `None` if there is no such room.
    fn room(&self, name: String) -> StoreFuture<Option<(RoomRow, String)>>;
    /// Whether other processes may write to the store.
    fn is_shared(&self) -> bool;
    /// The rooms that were created or posted to in the last seconds, by any process.
    fn recent_rooms(&self) -> StoreFuture<Vec<RoomRow>>;
    /// The heads of all rooms, by their names. For the writer, as `renew_epoch` is: neither waits behind
    /// readers.
    fn heads(&self) -> StoreFuture<Vec<(String, u64)>>;
    fn rooms(&self) -> StoreFuture<Vec<RoomRow>>;
    /// Returns whether the room was created; false if the name is taken.
    fn create_room(&self, room: NewRoom) -> StoreFuture<bool>;
    /// The oldest messages after `seq`, oldest first, and at most `limit`. There may be fewer where they are
    /// large, but at least one if there are any.
    fn messages_after(&self, room: String, seq: u64, limit: usize) -> StoreFuture<Vec<Message>>;
    /// The `seq` of the first of the `limit` newest messages before `seq`, and how many they are; `None` if
    /// there are none.
    fn oldest_before(
        &self,
        room: String,
        seq: u64,
        limit: usize,
    ) -> StoreFuture<Option<(u64, usize)>>;
    /// Stores all the drafts or none, each with the next `seq` of its room. Blocks; only the writer
    /// calls it.
    ///
    /// # Errors
    /// Nothing of the batch is stored, unless it is [`StoreError::Unknown`].
    fn commit(&self, drafts: &[Draft]) -> Result<Committed, StoreError>;
}

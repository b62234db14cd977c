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

/// Stores rooms and their messages.
pub trait ChatStore: Send + Sync {
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
    /// Nothing of the batch is stored.
    fn commit(&self, drafts: &[Draft]) -> Result<Vec<StoredDraft>, StoreError>;
}

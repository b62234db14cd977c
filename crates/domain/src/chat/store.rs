//! What the chat needs of a database.

use protocol::Message;

use super::Draft;
use crate::store::{Reply, StoreError};

/// A room as it is kept.
#[derive(Clone, Debug)]
pub struct RoomRow {
    pub name: String,
    pub title: String,
    pub created_by: Option<String>,
    pub head: u64,
}

/// A room to be.
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

/// A draft as it was stored, now or, where its author had used the key before, then.
#[derive(Clone, Debug)]
pub struct Stored {
    pub message: Message,
    pub fresh: bool,
}

/// Keeps rooms and their messages.
pub trait Chat: Send + Sync {
    fn rooms(&self) -> Reply<Vec<RoomRow>>;
    /// Whether the name was free.
    fn create_room(&self, room: NewRoom) -> Reply<bool>;
    fn after(&self, room: String, seq: u64, limit: usize) -> Reply<Vec<Message>>;
    fn before(&self, room: String, seq: u64, limit: usize) -> Reply<Vec<Message>>;
    /// Stores all the drafts or none, each with the next `seq` of its room. Blocks; called by the
    /// writer alone.
    fn commit(&self, drafts: &[Draft]) -> Result<Vec<Stored>, StoreError>;
}

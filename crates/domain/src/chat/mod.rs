//! Rooms, each an ordered log of messages with readers.
//!
//! A draft goes to the writer, which stores it in one transaction with all others that are waiting,
//! appends it to the room's [`Log`] and wakes the readers. Each reader's [`Feed`] is a cursor into
//! that log.

mod draft;
mod feed;
mod hub;
mod log;
mod observer;
mod presence;
mod room;
mod store;
mod writer;

pub use draft::{Author, Draft};
pub use feed::{BeyondHead, Feed};
pub use hub::{Hub, OpenHubError};
pub use log::Log;
pub use observer::Observer;
pub use presence::{PresenceGuard, Roster};
pub use room::{Room, RoomName, Title};
pub use store::{ChatStore, NewRoom, RoomRow, StoredDraft};
pub use writer::{PendingPost, Receipt};

/// The room that always exists.
pub const LOBBY: &str = "lobby";

//! The domain: rooms, each an ordered log with readers. Knows no HTTP and no SQL.
//!
//! A post goes to the writer, which commits it with whatever else is waiting, appends it to
//! the room's [`Log`] and wakes the readers; each reader's [`Feed`] is a cursor into that log.

mod draft;
mod feed;
mod hub;
mod log;
mod observer;
mod post;
mod presence;
mod room;
mod store;

pub use draft::{Author, Draft};
pub use feed::{BeyondHead, Feed};
pub use hub::{Hub, OpenError};
pub use log::Log;
pub use observer::Observer;
pub use post::{PendingPost, Receipt};
pub use presence::{PresenceGuard, Roster};
pub use room::{Room, RoomName, Title};
pub use store::{Chat as ChatStore, NewRoom, RoomRow, Stored};

/// The room that always exists.
pub const LOBBY: &str = "lobby";

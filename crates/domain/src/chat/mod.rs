//! Rooms, each an ordered log of messages with readers.
//!
//! A draft goes to the writer, which stores it in one transaction with all others that are waiting,
//! appends it to the room's [`Log`] and wakes the readers. Each reader's [`Feed`] is a cursor into
//! that log.

mod draft;
mod feed;
mod history;
mod hub;
mod log;
mod observer;
mod page;
mod presence;
mod recent_rooms;
mod room;
mod store;
mod writer;

pub use draft::{Author, Draft};
pub use feed::{BeyondHead, Feed};
pub use history::History;
pub use hub::{CreateRoomError, Hub, OpenHubError};
pub use log::{Log, LogSlice};
pub use observer::Observer;
pub use page::{LargePage, Page};
pub use presence::{PresenceGuard, Roster};
pub use room::{Room, RoomName, Title};
pub use store::{ChatStore, Committed, NewRoom, RoomRow, StoredDraft};
pub use writer::{PendingPost, Receipt};

/// Settings of rooms and of the memory that they take.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Rooms")]
#[group(skip)]
pub struct RoomSettings {
    /// MiB that the newest messages of all rooms may take in memory; older ones are read from the
    /// database
    #[arg(long, env = "PUSHLAB_LOG_MEMORY", value_name = "8..=65536", default_value_t = 256,
          value_parser = clap::value_parser!(u32).range(8..=65_536))]
    pub log_memory: u32,
    /// The most rooms
    #[arg(long, env = "PUSHLAB_ROOMS", value_name = "1..", default_value_t = 10_000,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub rooms: u32,
    /// The most rooms that one account may create
    #[arg(long, env = "PUSHLAB_ROOMS_PER_ACCOUNT", value_name = "1..", default_value_t = 10_000,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub rooms_per_account: u32,
}

/// The room that always exists.
pub const LOBBY: &str = "lobby";

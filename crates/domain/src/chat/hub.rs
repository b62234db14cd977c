//! All rooms, by name.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Weak},
};

use parking_lot::RwLock;
use protocol::RoomView;
use tokio::sync::Notify;

use super::{
    ChatStore, Draft, NewRoom, Observer, PendingPost, Room, RoomName, RoomRow, Roster, Title,
    post::Writer, presence,
};
use crate::store::{StoreError, to_the_end};

/// The rooms of this server, and the writer of what is said in them.
pub struct Hub {
    rooms: RwLock<BTreeMap<String, Arc<Room>>>,
    store: Arc<dyn ChatStore>,
    writer: Writer,
    wake_up: Arc<Notify>,
}

/// Why a hub did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the writer's thread did not start: {0}")]
    Writer(#[from] io::Error),
}

impl Hub {
    /// Opens every room in the store. Presence is kept by a task on the calling runtime, for as
    /// long as the hub lives.
    pub async fn open(
        store: Arc<dyn ChatStore>,
        observer: Arc<dyn Observer>,
    ) -> Result<Arc<Self>, OpenError> {
        let rows = store.rooms().await?;
        let hub = Arc::new(Hub {
            rooms: RwLock::default(),
            writer: Writer::start(store.clone(), observer)?,
            store,
            wake_up: Arc::default(),
        });
        rows.into_iter().for_each(|row| hub.add(row));
        tokio::spawn(keep_presence(Arc::downgrade(&hub), hub.wake_up.clone()));
        Ok(hub)
    }

    /// The room of that name, if there is one.
    pub fn room(&self, name: &str) -> Option<Arc<Room>> {
        self.rooms.read().get(name).cloned()
    }

    /// All rooms, by name.
    pub fn rooms(&self) -> Vec<RoomView> {
        self.rooms.read().values().map(|room| room.view()).collect()
    }

    /// Makes a room; `None` when the name is taken.
    pub async fn create(
        self: &Arc<Self>,
        name: RoomName,
        title: Title,
        created_by: String,
    ) -> Result<Option<RoomView>, StoreError> {
        let room = NewRoom {
            name: name.as_str().into(),
            title: title.as_str().into(),
            created_by,
        };
        let hub = self.clone();
        to_the_end(async move {
            if !hub.store.create_room(room.clone()).await? {
                return Ok(None);
            }
            hub.add(room.into());
            Ok(hub.room(name.as_str()).map(|room| room.view()))
        })
        .await
    }

    /// Hands a draft to the writer; who writes is not typing any more.
    pub async fn post(&self, room: &Arc<Room>, draft: Draft) -> PendingPost {
        room.roster.stop_typing(&draft.author.username);
        self.writer.post(room.clone(), draft).await
    }

    /// Whether posts are being stored: false when the writer has died.
    pub fn is_writing(&self) -> bool {
        self.writer.is_alive()
    }

    fn add(&self, row: RoomRow) {
        let roster = Roster::new(self.wake_up.clone());
        let name = row.name.clone();
        let room = Room::new(row, roster, self.store.clone());
        self.rooms.write().entry(name).or_insert(room);
    }

    /// Brings every room's presence up to date; whether any of them needs that again.
    fn keep_rosters(&self) -> bool {
        let rooms: Vec<_> = self.rooms.read().values().cloned().collect();
        rooms
            .iter()
            .fold(false, |busy, room| room.roster.keep() | busy)
    }
}

/// Keeps presence while there is anybody anywhere, and sleeps while there is nobody.
async fn keep_presence(hub: Weak<Hub>, wake_up: Arc<Notify>) {
    while let Some(busy) = hub.upgrade().map(|hub| hub.keep_rosters()) {
        if busy {
            tokio::time::sleep(presence::KEEP_EVERY).await;
        } else {
            wake_up.notified().await;
        }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.wake_up.notify_one();
    }
}

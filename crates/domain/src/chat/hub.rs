//! All rooms of a server.

use std::{
    io,
    ops::Bound,
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use protocol::RoomView;
use tokio::sync::Notify;

use super::{
    ChatStore, Draft, History, NewRoom, Observer, PendingPost, Room, RoomName, RoomRow,
    RoomSettings, Roster, Title, follower::Place, presence, room::Rooms, writer::Writer,
};
use crate::store::{StoreError, run_to_completion};

/// How soon it is noticed what other processes have done.
const LOOK_AT_STORE: Duration = Duration::from_secs(1);

/// All rooms of a server, and the writer of their messages.
pub struct Hub {
    rooms: Arc<Rooms>,
    history: Arc<History>,
    store: Arc<dyn ChatStore>,
    writer: Writer,
    settings: RoomSettings,
    /// Wakes the task that keeps presence up to date.
    wake_up: Arc<Notify>,
}

/// Why a hub could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenHubError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the writer's thread could not be started: {0}")]
    Writer(#[from] io::Error),
}

/// Why a room could not be created.
#[derive(Debug, thiserror::Error)]
pub enum CreateRoomError {
    #[error("this server has as many rooms as it may have")]
    TooMany,
    #[error("this account has created as many rooms as it may")]
    TooManyOfAccount,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Hub {
    /// Opens every room in the store. Spawns two tasks on the calling runtime, until the hub is dropped:
    /// one keeps presence up to date, one looks what other processes have stored.
    ///
    /// # Errors
    /// The store failed, or the writer could not be started.
    pub async fn open(
        store: Arc<dyn ChatStore>,
        observer: Arc<dyn Observer>,
        settings: &RoomSettings,
    ) -> Result<Arc<Self>, OpenHubError> {
        let log_memory = (settings.log_memory as usize) << 20;
        let history = Arc::new(History::new(&store.epoch().await?));
        let rows = store.rooms().await?;
        let rooms = Arc::<Rooms>::default();
        let place = Place {
            store: store.clone(),
            rooms: rooms.clone(),
            history: history.clone(),
        };
        let hub = Arc::new(Hub {
            rooms,
            history,
            writer: Writer::start(place, observer, log_memory)?,
            settings: settings.clone(),
            store,
            wake_up: Arc::default(),
        });
        for row in rows {
            hub.add(row);
        }
        tokio::spawn(maintain_presence(Arc::downgrade(&hub), hub.wake_up.clone()));
        tokio::spawn(watch_store(Arc::downgrade(&hub)));
        Ok(hub)
    }

    /// The room of that name, if there is one.
    pub fn room(&self, name: &str) -> Option<Arc<Room>> {
        self.rooms.read().get(name).cloned()
    }

    /// The history of all rooms.
    pub fn history(&self) -> &Arc<History> {
        &self.history
    }

    /// Looks up in the store what other processes have done to this room: created it, posted to it, or
    /// begun another history. `None` if there is no such room.
    ///
    /// # Errors
    /// The store failed.
    pub async fn look_up(&self, name: &str) -> Result<Option<Arc<Room>>, StoreError> {
        if RoomName::parse(name).is_err() {
            return Ok(None);
        }
        let Some((row, epoch)) = self.store.room(name.to_owned()).await? else {
            return Ok(None);
        };
        if *epoch != *self.history.epoch() {
            self.writer.compare().await;
        }
        self.follow(&epoch, [row]);
        Ok(self.room(name))
    }

    /// Looks what other processes have done lately.
    async fn look_at_store(&self) -> Result<(), StoreError> {
        let epoch = self.store.epoch().await?;
        if *epoch != *self.history.epoch() {
            self.writer.compare().await;
        }
        self.follow(&epoch, self.store.recent_rooms().await?);
        Ok(())
    }

    /// Catches up with rooms as they are stored in the history of this epoch, unless another has begun since.
    fn follow(&self, epoch: &str, rows: impl IntoIterator<Item = RoomRow>) {
        let _held = self.history.hold();
        if *epoch != *self.history.epoch() {
            return;
        }
        for row in rows {
            match self.room(&row.name) {
                Some(room) => room.log.catch_up(row.head),
                None => self.add(row),
            }
        }
    }

    /// At most `limit` rooms after this name, sorted by name.
    pub fn rooms(&self, after: Option<&str>, limit: usize) -> Vec<RoomView> {
        let rooms = self.rooms.read();
        let begin = after.map_or(Bound::Unbounded, Bound::Excluded);
        let range = rooms.range::<str, _>((begin, Bound::Unbounded));
        range.take(limit).map(|(_, room)| room.view()).collect()
    }

    /// Creates a room; `None` if the name is taken.
    ///
    /// # Errors
    /// There are too many rooms, or the store failed.
    pub async fn create(
        self: &Arc<Self>,
        name: RoomName,
        title: Title,
        created_by: String,
    ) -> Result<Option<RoomView>, CreateRoomError> {
        self.check_limits(name.as_str(), &created_by)?;
        let room = NewRoom {
            name: name.as_str().into(),
            title: title.as_str().into(),
            created_by,
        };
        let hub = self.clone();
        let created = run_to_completion(async move {
            if !hub.store.create_room(room.clone()).await? {
                // Another process has created it, or this one, and the answer was lost.
                hub.look_up(name.as_str()).await?;
                return Ok(None);
            }
            hub.add(room.into());
            Ok(hub.room(name.as_str()).map(|room| room.view()))
        });
        Ok(created.await?)
    }

    /// Whether a room of a new name may be added. A name that is taken is told as that.
    fn check_limits(&self, name: &str, creator: &str) -> Result<(), CreateRoomError> {
        let rooms = self.rooms.read();
        let own = rooms.values().filter(|room| room.is_created_by(creator));
        if rooms.contains_key(name) {
            Ok(())
        } else if rooms.len() >= self.settings.rooms as usize {
            Err(CreateRoomError::TooMany)
        } else if own.count() >= self.settings.rooms_per_account as usize {
            Err(CreateRoomError::TooManyOfAccount)
        } else {
            Ok(())
        }
    }

    /// Queues a draft for the writer. Its author no longer counts as typing.
    pub async fn post(&self, room: &Arc<Room>, draft: Draft) -> PendingPost {
        room.roster.stop_typing(&draft.author.username);
        self.writer.post(room.clone(), draft).await
    }

    /// Whether messages can be stored; false if the writer has died.
    pub fn is_writing(&self) -> bool {
        self.writer.is_alive()
    }

    fn add(&self, row: RoomRow) {
        let roster = Roster::new(self.wake_up.clone());
        let name = row.name.clone();
        let room = Room::new(row, roster, self.store.clone());
        self.rooms.write().entry(name).or_insert(room);
    }

    /// Brings every room's presence up to date. Returns whether any room needs another update.
    fn update_rosters(&self) -> bool {
        let rooms: Vec<_> = self.rooms.read().values().cloned().collect();
        rooms
            .iter()
            .fold(false, |busy, room| room.roster.update() | busy)
    }
}

/// Updates presence periodically while any account is present, and sleeps while none is.
async fn maintain_presence(hub: Weak<Hub>, wake_up: Arc<Notify>) {
    while let Some(busy) = hub.upgrade().map(|hub| hub.update_rosters()) {
        if busy {
            tokio::time::sleep(presence::UPDATE_INTERVAL).await;
        } else {
            wake_up.notified().await;
        }
    }
}

/// Looks every now and then what other processes have stored, whether the store has another history, and whether it
/// is there again.
async fn watch_store(hub: Weak<Hub>) {
    let store = hub.upgrade().map(|hub| hub.store.clone());
    let Some(store) = store else { return };
    let mut pause = LOOK_AT_STORE;
    loop {
        tokio::time::sleep(pause).await;
        let begun = Instant::now();
        let Some(hub) = hub.upgrade() else { return };
        if hub.writer.is_in_doubt() {
            hub.writer.compare().await;
        } else if store.is_shared() {
            // What fails now is looked at the next time.
            let _ = hub.look_at_store().await;
        }
        // Where looking takes long, as with millions of rooms, it is done less often.
        pause = LOOK_AT_STORE.max(begun.elapsed() * 20);
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.wake_up.notify_one();
    }
}

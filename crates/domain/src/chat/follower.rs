//! Keeps the logs and the history in step with the store, which others may change too.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use protocol::EncodedMessage;
use tokio::runtime::Handle;

use super::{ChatStore, History, Room, room::Rooms};
use crate::store::StoreError;

/// What the writer writes to.
pub struct Place {
    pub store: Arc<dyn ChatStore>,
    pub rooms: Arc<Rooms>,
    pub history: Arc<History>,
}

/// The new messages of a room, at least one.
pub struct Addition {
    pub room: Arc<Room>,
    /// The head before they were stored.
    pub head: u64,
    pub messages: Vec<EncodedMessage>,
}

impl Addition {
    fn first(&self) -> u64 {
        self.messages[0].seq()
    }
}

/// Compares the store with the logs, on the writer's thread.
pub struct Follower {
    place: Place,
    runtime: Handle,
    /// The store has failed since it was last compared with the logs.
    in_doubt: Arc<AtomicBool>,
    /// The epoch of a history that has ended, while the store could not be told.
    ended_epoch: Option<String>,
}

impl Follower {
    /// On a runtime, on which it waits for the store.
    pub fn new(place: Place, in_doubt: Arc<AtomicBool>) -> Self {
        Follower {
            place,
            runtime: Handle::current(),
            in_doubt,
            ended_epoch: None,
        }
    }

    /// A commit has failed.
    pub fn failed(&self, error: &StoreError) {
        if matches!(error, StoreError::Unavailable(_) | StoreError::Unknown(_)) {
            self.doubt(true);
        }
    }

    /// Looks whether the store has another history, or messages that the logs have not.
    pub fn compare(&mut self) {
        match self.runtime.block_on(self.place.store.epoch()) {
            Ok(epoch) => {
                self.doubt(true);
                self.committed(&[], &epoch);
            }
            Err(error) => tracing::error!(%error, "the logs could not be compared with the store"),
        }
    }

    /// The store has these additions, which are not in the logs yet, in the history of this epoch. Begins another
    /// history where that is not the one that is known, and where the store is found to be behind what readers
    /// know: it has then lost messages, and gives their numbers again.
    pub fn committed(&mut self, additions: &[Addition], stored: &str) {
        let is_behind = additions.iter().any(|new| new.first() <= new.head);
        let is_other = *stored != *self.place.history.epoch();
        if !is_behind && !is_other && !self.in_doubt.load(Ordering::Relaxed) {
            return;
        }
        let known = self.place.rooms.read().clone();
        // First: while the store is asked, other processes may store more.
        let before: Vec<_> = known.values().map(|room| room.log.head()).collect();
        let heads = self.heads();
        let is_lost = is_behind
            || heads
                .as_ref()
                .is_some_and(|heads| has_lost(heads, &known, &before));
        let epoch = match is_other || is_lost {
            // Another epoch explains what is lost.
            true => self.next_epoch(stored, is_lost && !is_other),
            false => None,
        };
        let mut heads = heads.unwrap_or_default();
        for new in additions {
            heads.insert(new.room.name.clone(), new.first() - 1);
        }
        match epoch {
            Some(epoch) => self.begin(&epoch, &known, &heads),
            None => self.catch_up(&known, &heads),
        }
    }

    /// The heads of all rooms in the store; `None` where it does not answer, and they are to be compared later.
    fn heads(&self) -> Option<HashMap<String, u64>> {
        let heads = self.runtime.block_on(self.place.store.heads());
        self.doubt(heads.is_err());
        match heads {
            Ok(heads) => Some(heads.into_iter().collect()),
            Err(error) => {
                tracing::error!(%error, "the logs could not be compared with the store");
                None
            }
        }
    }

    fn catch_up(&self, known: &BTreeMap<String, Arc<Room>>, heads: &HashMap<String, u64>) {
        let _held = self.place.history.hold();
        for (name, head) in heads {
            if let Some(room) = known.get(name) {
                room.log.catch_up(*head);
            }
        }
    }

    /// Moves the logs to the heads of another history, and begins it. A room that has no head there is gone.
    fn begin(
        &self,
        epoch: &str,
        known: &BTreeMap<String, Arc<Room>>,
        heads: &HashMap<String, u64>,
    ) {
        let held = self.place.history.hold();
        for (name, room) in known {
            match heads.get(name) {
                Some(head) => room.log.restart(*head),
                None if self.in_doubt.load(Ordering::Relaxed) => {}
                None => drop(self.place.rooms.write().remove(name)),
            }
        }
        tracing::warn!(%epoch, "the database has another history: its readers begin again");
        self.place.history.begin(epoch, &held);
    }

    /// The epoch of the history that begins; `None` if none does. `stored` is that of the store, which has lost
    /// messages if `is_lost`, and must not keep it then.
    fn next_epoch(&mut self, stored: &str, is_lost: bool) -> Option<String> {
        let is_ended = self.ended_epoch.as_deref() == Some(stored);
        if !is_lost && !is_ended {
            self.ended_epoch = None;
            return Some(stored.to_owned());
        }
        match self
            .runtime
            .block_on(self.place.store.renew_epoch(stored.to_owned()))
        {
            Ok(epoch) => {
                self.ended_epoch = None;
                Some(epoch)
            }
            // Until the store can be told, one that nobody else has.
            Err(error) => {
                tracing::error!(%error, "the store could not be told that its history has ended");
                self.ended_epoch = Some(stored.to_owned());
                self.doubt(true);
                is_lost.then(|| format!("{:016x}", rand::random::<u64>()))
            }
        }
    }

    fn doubt(&self, is_in_doubt: bool) {
        self.in_doubt.store(is_in_doubt, Ordering::Relaxed);
    }
}

/// Whether the store has fewer messages of a room than were known before it was asked.
fn has_lost(
    heads: &HashMap<String, u64>,
    known: &BTreeMap<String, Arc<Room>>,
    before: &[u64],
) -> bool {
    let stored = |name| heads.get(name).copied().unwrap_or_default();
    let mut rooms = known.keys().zip(before);
    rooms.any(|(name, before)| stored(name) < *before)
}

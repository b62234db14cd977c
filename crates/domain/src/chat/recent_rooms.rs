//! One budget for the messages that all logs keep in memory.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::Room;

/// The rooms whose logs keep messages, in the order of their last message. When all logs together
/// exceed the budget, the rooms that have been quiet for longest give theirs back; their readers read
/// from the database. Only the writer appends to logs, so this needs no lock.
pub struct RecentRooms {
    /// In bytes.
    budget: usize,
    used: usize,
    /// By a number that grows with each append.
    by_append: BTreeMap<u64, Arc<Room>>,
    /// The last append of each room, by its name, and the bytes that its log keeps.
    rooms: HashMap<String, (u64, usize)>,
    appends: u64,
}

impl RecentRooms {
    pub fn new(budget: usize) -> Self {
        RecentRooms {
            budget,
            used: 0,
            by_append: BTreeMap::new(),
            rooms: HashMap::new(),
            appends: 0,
        }
    }

    /// A room's log, to which messages were appended, keeps so many bytes now.
    pub fn appended(&mut self, room: Arc<Room>, kept: usize) {
        self.appends += 1;
        let before = self.rooms.insert(room.name.clone(), (self.appends, kept));
        if let Some((append, bytes)) = before {
            self.by_append.remove(&append);
            self.used -= bytes;
        }
        self.by_append.insert(self.appends, room);
        self.used += kept;
        while self.used > self.budget && self.by_append.len() > 1 {
            self.forget_quietest();
        }
    }

    fn forget_quietest(&mut self) {
        let Some((_, room)) = self.by_append.pop_first() else {
            return;
        };
        room.log.forget();
        let forgotten = self.rooms.remove(&room.name);
        self.used -= forgotten.map_or(0, |(_, bytes)| bytes);
    }

    /// The bytes that all logs keep.
    pub fn used(&self) -> usize {
        self.used
    }
}

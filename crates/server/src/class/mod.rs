//! The classes of rooms: which phones take part in one, over which transport, what has reached them, and what
//! they have guessed.
//!
//! They are in the memory of this process alone, and nothing of them is stored: a phone says a word now and then,
//! and is forgotten when it does not.

mod figures;
mod phone;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use protocol::Transport;
use rand::seq::IteratorRandom;

pub use figures::View;
use phone::Phone;
pub use phone::{Delivery, Guess, KEPT};

/// How long after its last word a phone is forgotten.
pub const SILENCE: Duration = Duration::from_secs(30);
/// Looking for silent phones takes a walk over all.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// All rooms together have so many times the phones that one may have.
const ROOMS: usize = 4;

/// The classes of all rooms.
pub struct Classes {
    most_in_room: usize,
    taking_part: Mutex<TakingPart>,
}

/// What a phone says.
#[derive(Default)]
pub struct Word {
    /// Drawn by lot, if it says none and has none.
    pub transport: Option<Transport>,
    pub deliveries: Vec<Delivery>,
    /// As before, if it says none.
    pub guesses: Option<Vec<Guess>>,
}

/// What a phone is told.
#[derive(Debug)]
pub struct Told {
    pub id: u64,
    pub transport: Transport,
    /// How many phones of the room use each transport.
    pub counts: [usize; Transport::COUNT],
}

/// There are as many phones as there may be.
#[derive(Debug)]
pub struct Full;

struct TakingPart {
    /// By account: an account takes part in one room at a time.
    phones: BTreeMap<i64, Phone>,
    /// Of each room with phones, the number of its last change.
    changes: HashMap<String, u64>,
    /// Goes on where that of an earlier process was, so that a page notices another process.
    last_change: u64,
    last_id: u64,
    looked_at: Instant,
}

impl Classes {
    pub fn new(most_in_room: u32) -> Self {
        Classes {
            most_in_room: most_in_room as usize,
            taking_part: Mutex::new(TakingPart {
                phones: BTreeMap::new(),
                changes: HashMap::new(),
                last_change: jiff::Timestamp::now().as_millisecond().max(1) as u64,
                last_id: 0,
                looked_at: Instant::now(),
            }),
        }
    }

    /// Takes the word of an account's phone in a room whose newest message is `head`.
    ///
    /// # Errors
    /// It is not among the phones of the room yet, and there are as many as there may be.
    pub fn tell(
        &self,
        account: i64,
        (room, head): (&str, u64),
        word: Word,
        now: Instant,
    ) -> Result<Told, Full> {
        let mut all = self.taking_part.lock();
        all.forget_silent(now);
        if !all.is_in(account, room) {
            if all.of(room).count() >= self.most_in_room
                || all.phones.len() >= ROOMS * self.most_in_room
            {
                return Err(Full);
            }
            all.leave(account);
        }
        let drawn = || all.draw(room);
        let known = all.phones.get(&account).map(|phone| phone.transport);
        let transport = word.transport.or(known).unwrap_or_else(drawn);
        let id = all.put(account, (room, head), transport, word, now);
        Ok(Told {
            id,
            transport,
            counts: all.counts(room),
        })
    }

    /// The phones of a room whose newest message is `head`, with figures over the messages after `from`; `None` if
    /// that is what has this version.
    pub fn view(
        &self,
        (room, head): (&str, u64),
        from: u64,
        version: Option<&str>,
        now: Instant,
    ) -> Option<View> {
        let mut all = self.taking_part.lock();
        all.forget_silent(now);
        let change = all.changes.get(room).copied().unwrap_or_default();
        let current = format!("{change}-{head}-{from}");
        let is_known = version == Some(&current);
        (!is_known).then(|| View::new(current, head, from, all.of(room)))
    }
}

impl TakingPart {
    fn of<'a>(&'a self, room: &'a str) -> impl Iterator<Item = &'a Phone> {
        self.phones.values().filter(move |phone| phone.room == room)
    }

    fn is_in(&self, account: i64, room: &str) -> bool {
        let phone = self.phones.get(&account);
        phone.is_some_and(|phone| phone.room == room)
    }

    fn counts(&self, room: &str) -> [usize; Transport::COUNT] {
        let mut counts = [0; Transport::COUNT];
        for phone in self.of(room) {
            counts[phone.transport.index()] += 1;
        }
        counts
    }

    /// One of the transports that the fewest phones use.
    fn draw(&self, room: &str) -> Transport {
        let counts = self.counts(room);
        let fewest = counts.iter().min().copied();
        let drawn = Transport::ALL.into_iter();
        let drawn = drawn.filter(|each| Some(counts[each.index()]) == fewest);
        drawn.choose(&mut rand::rng()).expect("one has the fewest")
    }

    /// Returns the phone's number.
    fn put(
        &mut self,
        account: i64,
        (room, head): (&str, u64),
        transport: Transport,
        word: Word,
        now: Instant,
    ) -> u64 {
        let next = self.last_id + 1;
        let is_new = !self.phones.contains_key(&account);
        let phone = self.phones.entry(account);
        let phone = phone.or_insert_with(|| Phone::new(next, room, transport, now));
        let id = phone.id;
        if phone.hear(transport, head, word, now) || is_new {
            self.has_changed(room);
        }
        self.last_id = self.last_id.max(id);
        id
    }

    fn leave(&mut self, account: i64) {
        if let Some(phone) = self.phones.remove(&account) {
            self.has_changed(&phone.room);
        }
    }

    fn has_changed(&mut self, room: &str) {
        self.last_change += 1;
        self.changes.insert(room.into(), self.last_change);
    }

    fn forget_silent(&mut self, now: Instant) {
        if now.duration_since(self.looked_at) < LOOK_EVERY {
            return;
        }
        self.looked_at = now;
        let silent = |phone: &Phone| now.duration_since(phone.heard_at) >= SILENCE;
        let gone = self.phones.extract_if(.., |_, phone| silent(phone));
        let left: Vec<_> = gone.map(|(_, phone)| phone.room).collect();
        for room in left {
            self.has_changed(&room);
        }
        let phones = self.phones.values();
        let rooms: HashSet<_> = phones.map(|phone| phone.room.as_str()).collect();
        self.changes.retain(|room, _| rooms.contains(room.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: (&str, u64) = ("race", 5);

    fn over(transport: Transport) -> Word {
        Word {
            transport: Some(transport),
            ..Word::default()
        }
    }

    #[test]
    fn lots_are_drawn_among_the_transports_with_the_fewest_phones() {
        let (classes, now) = (Classes::new(100), Instant::now());
        for account in 0..3 {
            let word = over(Transport::Sse);
            classes.tell(account, ROOM, word, now).unwrap();
        }
        for account in 3..12 {
            classes.tell(account, ROOM, Word::default(), now).unwrap();
        }
        let told = classes.tell(12, ("other", 0), Word::default(), now);
        assert_eq!(told.unwrap().counts.iter().sum::<usize>(), 1);
        let again = classes.tell(11, ROOM, Word::default(), now).unwrap();
        assert_eq!(again.counts, [3, 3, 3, 3]);
    }

    #[test]
    fn a_silent_phone_is_forgotten_and_that_is_a_change() {
        let (classes, begin) = (Classes::new(100), Instant::now());
        let at = |seconds| begin + Duration::from_secs(seconds);
        for account in 0..2 {
            classes.tell(account, ROOM, Word::default(), at(0)).unwrap();
        }
        let before = classes.view(ROOM, 0, None, at(0)).unwrap();
        assert_eq!(before.phones.len(), 2);
        classes.tell(1, ROOM, Word::default(), at(20)).unwrap();
        let version = Some(before.version.as_str());
        assert!(classes.view(ROOM, 0, version, at(29)).is_none());
        let after = classes.view(ROOM, 0, version, at(31)).unwrap();
        assert_eq!(after.phones.len(), 1);
        let none = classes.view(ROOM, 0, Some(&after.version), at(60)).unwrap();
        assert!(none.phones.is_empty());
        let all = classes.taking_part.lock();
        assert!(all.phones.is_empty() && all.changes.is_empty());
    }

    #[test]
    fn a_room_and_all_together_have_so_many() {
        let (classes, now) = (Classes::new(2), Instant::now());
        let tell = |account, room| classes.tell(account, (room, 0), Word::default(), now);
        for (room, accounts) in [("a", [1, 2]), ("b", [3, 4]), ("c", [5, 6]), ("d", [7, 8])] {
            assert!(accounts.iter().all(|account| tell(*account, room).is_ok()));
        }
        assert!(tell(9, "a").is_err() && tell(9, "e").is_err());
        // Who is there stays.
        assert!(tell(1, "a").is_ok());
        // An account is in one room.
        assert!(tell(1, "b").is_err());
        let later = now + SILENCE;
        assert!(classes.tell(9, ("e", 0), Word::default(), later).is_ok());
    }

    #[test]
    fn who_moves_to_another_room_leaves_the_first() {
        let (classes, now) = (Classes::new(2), Instant::now());
        for room in ["a", "b"] {
            classes.tell(1, (room, 0), Word::default(), now).unwrap();
        }
        let of = |room| classes.view((room, 0), 0, None, now).unwrap().phones.len();
        assert_eq!((of("a"), of("b")), (0, 1));
    }

    #[test]
    fn a_new_message_is_a_change() {
        let (classes, now) = (Classes::new(2), Instant::now());
        classes.tell(1, ROOM, Word::default(), now).unwrap();
        let version = classes.view(ROOM, 0, None, now).unwrap().version;
        let view = |head| classes.view((ROOM.0, head), 0, Some(&version), now);
        assert!(view(5).is_none() && view(6).is_some());
    }
}

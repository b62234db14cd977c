//! Who is in a room, over what, and who is typing.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use protocol::{EncodedPresence, Person, Presence, Transport};
use tokio::sync::{Notify, watch};

use super::{Author, Room};

/// Changes are folded together: the document changes at most this often.
const COALESCING_INTERVAL: Duration = Duration::from_millis(500);
/// How often a room with somebody in it is looked after.
pub const KEEP_EVERY: Duration = Duration::from_millis(100);
const TYPING: Duration = Duration::from_secs(5);
const MOST_NAMES: usize = 100;

/// The people of one room.
pub struct Roster {
    people: Mutex<People>,
    document: watch::Sender<Arc<EncodedPresence>>,
    /// Wakes the task that looks after the rooms.
    wake_up: Arc<Notify>,
}

struct People {
    by_name: BTreeMap<String, Here>,
    shown: Presence,
    /// Something may have changed that `shown` does not show yet.
    stale: bool,
    shown_at: Option<Instant>,
}

/// Somebody here: the requests, streams and sockets open, by transport.
#[derive(Default)]
struct Here {
    display_name: String,
    open: [u32; Transport::COUNT],
    /// Until when a poll that was answered counts as being here.
    expected_until: [Option<Instant>; Transport::COUNT],
    typing_until: Option<Instant>,
}

/// Somebody's being here by one request, stream or socket; dropping it ends that.
pub struct PresenceGuard {
    room: Arc<Room>,
    username: String,
    transport: Transport,
    /// How long after its end its owner is expected back.
    linger: Duration,
}

impl PresenceGuard {
    /// `linger` is how long after this guard its next one may come: zero for streams.
    pub fn begin(room: Arc<Room>, author: &Author, transport: Transport, linger: Duration) -> Self {
        room.roster.change(|people| people.enter(author, transport));
        PresenceGuard {
            room,
            username: author.username.clone(),
            transport,
            linger,
        }
    }
}

impl Drop for PresenceGuard {
    fn drop(&mut self) {
        let until = Instant::now() + self.linger;
        self.room
            .roster
            .change(|people| people.leave(&self.username, self.transport, until));
    }
}

impl Roster {
    pub(super) fn new(wake_up: Arc<Notify>) -> Self {
        // Versions begin at the clock, so that one from before a restart does not come again.
        let shown = Presence {
            version: jiff::Timestamp::now().as_millisecond().max(1) as u64,
            ..Presence::default()
        };
        Roster {
            document: watch::Sender::new(Arc::new(EncodedPresence::new(&shown))),
            people: Mutex::new(People {
                by_name: BTreeMap::new(),
                shown,
                stale: false,
                shown_at: None,
            }),
            wake_up,
        }
    }

    /// The presence document as it is shown now.
    pub fn document(&self) -> Arc<EncodedPresence> {
        self.document.borrow().clone()
    }

    /// Tells of every change of the document.
    pub fn watch(&self) -> watch::Receiver<Arc<EncodedPresence>> {
        self.document.subscribe()
    }

    /// Shows somebody who is here as typing, for 5 s.
    pub fn typing(&self, username: &str) {
        self.set_typing(username, Some(Instant::now() + TYPING));
    }

    pub(super) fn stop_typing(&self, username: &str) {
        self.set_typing(username, None);
    }

    fn set_typing(&self, username: &str, until: Option<Instant>) {
        self.change(|people| {
            if let Some(here) = people.by_name.get_mut(username) {
                people.stale |= here.typing_until.is_some() != until.is_some();
                here.typing_until = until;
            }
        });
    }

    /// Drops what is overdue and shows what changed; whether there is anybody left to keep.
    pub(super) fn keep(&self) -> bool {
        self.change(|people| people.expire(Instant::now()));
        let people = self.people.lock();
        people.stale || !people.by_name.is_empty()
    }

    fn change(&self, change: impl FnOnce(&mut People)) {
        let mut people = self.people.lock();
        change(&mut people);
        if people.stale {
            if people.show(Instant::now()) {
                // Under the lock, so that documents are told in the order of their versions.
                let document = Arc::new(EncodedPresence::new(&people.shown));
                self.document.send_replace(document);
            }
            self.wake_up.notify_one();
        }
    }
}

impl People {
    fn enter(&mut self, author: &Author, transport: Transport) {
        let here = self.by_name.entry(author.username.clone()).or_default();
        self.stale |= !here.uses(transport);
        here.display_name.clone_from(&author.display_name);
        here.open[transport.index()] += 1;
    }

    fn leave(&mut self, username: &str, transport: Transport, until: Instant) {
        let Some(here) = self.by_name.get_mut(username) else {
            return;
        };
        here.open[transport.index()] -= 1;
        // The newest word counts: whoever polls more often now may be missed sooner.
        here.expected_until[transport.index()] = Some(until);
        // Whoever lingers is dropped by `expire`, later.
        if until <= Instant::now() {
            self.expire(Instant::now());
        }
    }

    fn expire(&mut self, now: Instant) {
        let stale = &mut self.stale;
        self.by_name.retain(|_, here| {
            *stale |= here.expire(now);
            here.is_here()
        });
    }

    /// Renews what is shown, where it differs and the last change is long enough ago.
    fn show(&mut self, now: Instant) -> bool {
        if self
            .shown_at
            .is_some_and(|at| now < at + COALESCING_INTERVAL)
        {
            return false;
        }
        self.stale = false;
        let here = self.by_name.iter().take(MOST_NAMES);
        let here: Vec<_> = here.map(|(name, here)| here.person(name)).collect();
        let count = self.by_name.len();
        if count == self.shown.count && here == self.shown.here {
            return false;
        }
        self.shown = Presence {
            version: self.shown.version + 1,
            count,
            here,
        };
        self.shown_at = Some(now);
        true
    }
}

impl Here {
    fn uses(&self, transport: Transport) -> bool {
        let place = transport.index();
        self.open[place] > 0 || self.expected_until[place].is_some()
    }

    fn is_here(&self) -> bool {
        Transport::ALL
            .into_iter()
            .any(|transport| self.uses(transport))
    }

    /// Forgets what is overdue; whether that may change what is shown.
    fn expire(&mut self, now: Instant) -> bool {
        let mut changed = false;
        let timers = self
            .expected_until
            .iter_mut()
            .chain([&mut self.typing_until]);
        for timer in timers {
            changed |= timer.take_if(|until| *until <= now).is_some();
        }
        changed
    }

    fn person(&self, username: &str) -> Person {
        Person {
            username: username.into(),
            display_name: self.display_name.clone(),
            transports: Transport::ALL
                .into_iter()
                .filter(|&transport| self.uses(transport))
                .collect(),
            typing: self.typing_until.is_some(),
        }
    }
}

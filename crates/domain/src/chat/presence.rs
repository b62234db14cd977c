//! Presence: who is in a room, over which transports, and who is typing.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use protocol::{EncodedPresence, Person, Presence, Transport};
use tokio::sync::{Notify, watch};

use super::{Author, Room};

/// The document changes at most this often; changes within the interval are combined.
const COALESCING_INTERVAL: Duration = Duration::from_millis(500);
/// How often the presence of a room is updated while any account is present in it.
pub const UPDATE_INTERVAL: Duration = Duration::from_millis(100);
const TYPING_TIMEOUT: Duration = Duration::from_secs(5);
const MAX_NAMES: usize = 100;

/// Who is present in one room.
pub struct Roster {
    accounts: Mutex<PresentAccounts>,
    document: watch::Sender<Arc<EncodedPresence>>,
    /// Wakes the task that keeps presence up to date.
    wake_up: Arc<Notify>,
}

struct PresentAccounts {
    by_name: BTreeMap<String, PresentAccount>,
    shown: Presence,
    /// `shown` may be out of date.
    is_stale: bool,
    shown_at: Option<Instant>,
}

/// An account that is present, with its open requests, streams and sockets by transport.
#[derive(Default)]
struct PresentAccount {
    display_name: String,
    open: [u32; Transport::COUNT],
    /// Until when the account counts as present after its last poll.
    expected_until: [Option<Instant>; Transport::COUNT],
    typing_until: Option<Instant>,
}

/// Keeps an account present through one request, stream or socket, until it is dropped.
pub struct PresenceGuard {
    room: Arc<Room>,
    username: Arc<str>,
    transport: Transport,
    /// How long the account still counts as present after the guard is dropped.
    grace_period: Duration,
}

impl PresenceGuard {
    /// `grace_period` is how long the account stays present after the guard is dropped: zero for
    /// streams, the time until the next poll for polls.
    pub fn begin(
        room: Arc<Room>,
        author: &Author,
        transport: Transport,
        grace_period: Duration,
    ) -> Self {
        room.roster
            .change(|accounts| accounts.enter(author, transport));
        PresenceGuard {
            room,
            username: author.username.clone(),
            transport,
            grace_period,
        }
    }
}

impl Drop for PresenceGuard {
    fn drop(&mut self) {
        let until = Instant::now() + self.grace_period;
        self.room
            .roster
            .change(|accounts| accounts.leave(&self.username, self.transport, until));
    }
}

impl Roster {
    pub(super) fn new(wake_up: Arc<Notify>) -> Self {
        // Versions start from the clock, so that none from before a restart is used again.
        let shown = Presence {
            version: jiff::Timestamp::now().as_millisecond().max(1) as u64,
            ..Presence::default()
        };
        Roster {
            document: watch::Sender::new(Arc::new(EncodedPresence::new(&shown))),
            accounts: Mutex::new(PresentAccounts {
                by_name: BTreeMap::new(),
                shown,
                is_stale: false,
                shown_at: None,
            }),
            wake_up,
        }
    }

    /// The current presence document.
    pub fn document(&self) -> Arc<EncodedPresence> {
        self.document.borrow().clone()
    }

    /// A receiver that is notified whenever the document changes.
    pub fn watch(&self) -> watch::Receiver<Arc<EncodedPresence>> {
        self.document.subscribe()
    }

    /// Shows an account that is present as typing, for 5 s.
    pub fn typing(&self, username: &str) {
        self.set_typing(username, Some(Instant::now() + TYPING_TIMEOUT));
    }

    pub(super) fn stop_typing(&self, username: &str) {
        self.set_typing(username, None);
    }

    fn set_typing(&self, username: &str, until: Option<Instant>) {
        self.change(|accounts| {
            if let Some(account) = accounts.by_name.get_mut(username) {
                accounts.is_stale |= account.typing_until.is_some() != until.is_some();
                account.typing_until = until;
            }
        });
    }

    /// Removes what has expired and publishes changes. Returns whether the room needs more updates.
    pub(super) fn update(&self) -> bool {
        self.change(|accounts| accounts.expire(Instant::now()));
        let accounts = self.accounts.lock();
        accounts.is_stale || !accounts.by_name.is_empty()
    }

    fn change(&self, change: impl FnOnce(&mut PresentAccounts)) {
        let mut accounts = self.accounts.lock();
        change(&mut accounts);
        if accounts.is_stale {
            if accounts.publish(Instant::now()) {
                // Still under the lock, so that documents are published in the order of their
                // versions.
                let document = Arc::new(EncodedPresence::new(&accounts.shown));
                self.document.send_replace(document);
            }
            self.wake_up.notify_one();
        }
    }
}

impl PresentAccounts {
    fn enter(&mut self, author: &Author, transport: Transport) {
        if !self.by_name.contains_key(&*author.username) {
            let account = PresentAccount::default();
            self.by_name.insert(author.username.to_string(), account);
        }
        let Some(account) = self.by_name.get_mut(&*author.username) else {
            return;
        };
        self.is_stale |= !account.uses(transport);
        if account.display_name != *author.display_name {
            account.display_name = author.display_name.to_string();
        }
        account.open[transport.index()] += 1;
    }

    fn leave(&mut self, username: &str, transport: Transport, until: Instant) {
        let Some(account) = self.by_name.get_mut(username) else {
            return;
        };
        account.open[transport.index()] -= 1;
        // The last poll counts: a client that has begun to poll more often is missed sooner.
        account.expected_until[transport.index()] = Some(until);
        // An account in its grace period is removed by a later `expire`.
        if until <= Instant::now() {
            self.expire(Instant::now());
        }
    }

    fn expire(&mut self, now: Instant) {
        let is_stale = &mut self.is_stale;
        self.by_name.retain(|_, account| {
            *is_stale |= account.expire(now);
            account.is_present()
        });
    }

    /// Updates the document if it differs and its last change is at least the coalescing interval
    /// ago. Returns whether it has changed.
    fn publish(&mut self, now: Instant) -> bool {
        if self
            .shown_at
            .is_some_and(|at| now < at + COALESCING_INTERVAL)
        {
            return false;
        }
        self.is_stale = false;
        let here = self.by_name.iter().take(MAX_NAMES);
        let here: Vec<_> = here.map(|(name, account)| account.person(name)).collect();
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

impl PresentAccount {
    fn uses(&self, transport: Transport) -> bool {
        let index = transport.index();
        self.open[index] > 0 || self.expected_until[index].is_some()
    }

    fn is_present(&self) -> bool {
        Transport::ALL
            .into_iter()
            .any(|transport| self.uses(transport))
    }

    /// Clears the timers that have passed. Returns whether that may change the document.
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

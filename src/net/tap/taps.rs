//! All connections of a server, and who looks at them.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use tokio::net::TcpStream;

use super::{Exchange, Known, Owner, Tallies, Tally, Tap, now_us};
use crate::net::handle::Handle;

/// Who has asked looks for so long.
const LOOKS_FOR: Duration = Duration::from_secs(120);
/// How long, and how many, closed connections are remembered.
const REMEMBERED_FOR: Duration = Duration::from_secs(300);
const MOST_CLOSED: usize = 512;

/// The connections of a server.
pub struct Taps {
    started: Instant,
    /// When the last one stops looking, in milliseconds since `started`.
    looks_until_ms: AtomicU64,
    next: AtomicU64,
    open: Mutex<HashMap<u64, Arc<Tap>>>,
    watches: Mutex<Watches>,
}

#[derive(Default)]
struct Watches {
    until: HashMap<Owner, Instant>,
    closed: VecDeque<(Instant, Arc<Tap>)>,
    /// What closed connections have cost that are forgotten.
    retired: Vec<(Vec<Owner>, Tallies)>,
}

impl Default for Taps {
    fn default() -> Self {
        Taps {
            started: Instant::now(),
            looks_until_ms: AtomicU64::new(0),
            next: AtomicU64::new(1),
            open: Mutex::default(),
            watches: Mutex::default(),
        }
    }
}

impl Taps {
    /// A connection was accepted. [`Tap::close`] it before its socket is.
    pub fn tap(self: &Arc<Self>, io: &TcpStream, server: Option<&'static str>) -> Arc<Tap> {
        let tap = Arc::new(Tap {
            id: self.next.fetch_add(1, Ordering::Relaxed),
            opened_us: now_us(),
            server,
            taps: self.clone(),
            socket: Handle::of(io),
            is_recorded: false.into(),
            known: Mutex::new(Known::default()),
        });
        self.open.lock().insert(tap.id, tap.clone());
        tap
    }

    /// These sessions look, from now on for a while.
    pub fn watch(&self, owners: &[Owner]) {
        let until = Instant::now() + LOOKS_FOR;
        {
            let mut watches = self.watches.lock();
            watches.forget();
            watches
                .until
                .extend(owners.iter().map(|owner| (*owner, until)));
        }
        let ms = (until - self.started).as_millis() as u64;
        self.looks_until_ms.fetch_max(ms, Ordering::Relaxed);
        for tap in self.open_of(owners) {
            tap.watch(until);
        }
    }

    /// The open connections that only these have used.
    pub fn open_of(&self, owners: &[Owner]) -> Vec<Arc<Tap>> {
        let open = self.open.lock();
        let mut of: Vec<_> = open
            .values()
            .filter(|tap| tap.is_of(owners))
            .cloned()
            .collect();
        of.sort_by_key(|tap| tap.id);
        of
    }

    /// What each reader of these cost since they look, over connections that were closed too.
    pub fn carried(&self, owners: &[Owner]) -> Tallies {
        let mut carried = Vec::new();
        let mut add = |tallies: Tallies| {
            for (reads, tally) in tallies {
                Tally::add_to(&mut carried, reads, &tally);
            }
        };
        let watches = self.watches.lock();
        for (of, tallies) in &watches.retired {
            if of.iter().all(|owner| owners.contains(owner)) {
                add(tallies.clone());
            }
        }
        for tap in watches.closed_of(owners).chain(&self.open_of(owners)) {
            add(tap.tallies());
        }
        carried
    }

    /// The newest exchange of these that is kept and answers to `wanted`, and its connection.
    pub fn exchange(
        &self,
        owners: &[Owner],
        wanted: impl Fn(&Exchange) -> bool,
    ) -> Option<(Arc<Tap>, Exchange)> {
        let watches = self.watches.lock();
        let open = self.open_of(owners);
        let taps = watches.closed_of(owners).chain(&open);
        let found = taps.filter_map(|tap| Some((tap.clone(), tap.exchange(&wanted)?)));
        found.max_by_key(|(_, exchange)| exchange.began_us)
    }

    /// Until when anybody looks, if anybody does.
    pub(super) fn anybody_watches(&self) -> Option<Instant> {
        let until = self.looks_until_ms.load(Ordering::Relaxed);
        if until == 0 {
            return None;
        }
        let until = self.started + Duration::from_millis(until);
        (until > Instant::now()).then_some(until)
    }

    /// Until when one of these looks, if one does.
    pub(super) fn watched_until(&self, owners: &[Owner]) -> Option<Instant> {
        let watches = self.watches.lock();
        let until = owners.iter().filter_map(|owner| watches.until.get(owner));
        until.max().copied().filter(|until| *until > Instant::now())
    }

    pub(super) fn closed(&self, tap: &Arc<Tap>) {
        self.open.lock().remove(&tap.id);
        if tap.is_recorded.load(Ordering::Relaxed) {
            let mut watches = self.watches.lock();
            watches.closed.push_back((Instant::now(), tap.clone()));
            watches.forget();
        }
    }
}

impl Watches {
    fn closed_of<'a>(&'a self, owners: &'a [Owner]) -> impl Iterator<Item = &'a Arc<Tap>> {
        let closed = self.closed.iter().map(|(_, tap)| tap);
        closed.filter(|tap| tap.is_of(owners))
    }

    /// Lets go of what is too old or too much; the sums stay as long as somebody looks.
    fn forget(&mut self) {
        let now = Instant::now();
        while let Some((since, tap)) = self.closed.front() {
            if now - *since < REMEMBERED_FOR && self.closed.len() <= MOST_CLOSED {
                break;
            }
            self.retired
                .push((tap.known.lock().owners.clone(), tap.tallies()));
            self.closed.pop_front();
        }
        self.until.retain(|_, until| *until > now);
        let until = &self.until;
        self.retired
            .retain(|(owners, _)| owners.iter().any(|owner| until.contains_key(owner)));
        self.merge();
    }

    /// One entry for the same owners.
    fn merge(&mut self) {
        let mut merged: Vec<(Vec<Owner>, Tallies)> = Vec::new();
        for (owners, tallies) in self.retired.drain(..) {
            match merged.iter_mut().find(|(other, _)| *other == owners) {
                Some((_, sums)) => {
                    for (reads, tally) in tallies {
                        Tally::add_to(sums, reads, &tally);
                    }
                }
                None => merged.push((owners, tallies)),
            }
        }
        self.retired = merged;
    }
}

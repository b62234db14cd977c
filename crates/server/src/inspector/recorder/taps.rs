//! All connections of a server, and who looks at them.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use netlab::Handle;
use parking_lot::Mutex;
use tokio::net::TcpStream;

use super::{Exchange, Known, Owner, Tallies, Tally, Tap, now_us};

/// Who has asked looks for so long.
const LOOKS_FOR: Duration = Duration::from_secs(120);
/// How long, and how many, closed connections are remembered.
const REMEMBERED_FOR: Duration = Duration::from_secs(300);
const MOST_CLOSED: usize = 512;
/// So many connections are recorded at once, whoever looks: that bounds what it takes in memory.
const MOST_RECORDED: usize = 1_000;

/// The connections of a server.
pub struct Taps {
    started: Instant,
    /// When the last one stops looking, in milliseconds since `started`.
    looks_until_ms: AtomicU64,
    next: AtomicU64,
    recorded: Arc<AtomicUsize>,
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
            recorded: Arc::default(),
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

    /// `owner`, one of these, ends: what the others of these share with it stays theirs.
    pub fn disown(&self, owner: Owner, owners: &[Owner]) {
        for tap in self.open_of(owners) {
            tap.disown(owner);
        }
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

    /// Leave to record one more connection.
    pub(super) fn leave(&self) -> Option<Leave> {
        let one_more = |recorded| (recorded < MOST_RECORDED).then_some(recorded + 1);
        let taken = self
            .recorded
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        taken.is_ok().then(|| Leave(self.recorded.clone()))
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

/// Given back when dropped.
pub struct Leave(Arc<AtomicUsize>);

impl Drop for Leave {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Watches {
    fn closed_of<'a>(&'a self, owners: &'a [Owner]) -> impl Iterator<Item = &'a Arc<Tap>> {
        let closed = self.closed.iter().map(|(_, tap)| tap);
        closed.filter(|tap| tap.is_of(owners))
    }

    /// Lets go of what is too old or too much; the sums stay as long as somebody looks.
    fn forget(&mut self) {
        self.forget_at(Instant::now());
    }

    fn forget_at(&mut self, now: Instant) {
        while let Some((since, tap)) = self.closed.front() {
            if now - *since < REMEMBERED_FOR && self.closed.len() <= MOST_CLOSED {
                break;
            }
            let owners = tap.known.lock().owners.clone();
            self.retired.push((owners, tap.tallies()));
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

#[cfg(test)]
mod tests {
    use protocol::Transport;
    use tokio::{
        io::AsyncReadExt,
        net::{TcpListener, TcpStream},
    };

    use super::*;
    use crate::inspector::recorder::Reads;

    const OWNER: Owner = 7;

    fn reads() -> Reads {
        Reads {
            room: "r".into(),
            tab: None,
            transport: Transport::WebSocket,
        }
    }

    /// A connection of OWNER that read a room, sent as many bytes, and is closed.
    async fn visit(taps: &Arc<Taps>, listener: &TcpListener, bytes: usize) {
        let client = TcpStream::connect(listener.local_addr().unwrap());
        let (client, accepted) = tokio::join!(client, listener.accept());
        let (mut client, (server, _)) = (client.unwrap(), accepted.unwrap());
        let tap = taps.tap(&server, None);
        taps.watch(&[OWNER]);
        tap.received(b"GET / HTTP/1.1\r\n\r\n");
        tap.used_by(&[OWNER]);
        tap.claim(reads());
        server.writable().await.unwrap();
        server.try_write(&vec![1; bytes]).unwrap();
        let mut heard = vec![0; bytes];
        client.read_exact(&mut heard).await.unwrap();
        tap.close();
    }

    fn carried(taps: &Taps) -> Tally {
        match &taps.carried(&[OWNER])[..] {
            [(of, tally)] if *of == reads() => *tally,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn closed_connections_are_forgotten_and_what_they_cost_is_not() {
        let taps = Arc::<Taps>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        for bytes in [10, 20, 30] {
            visit(&taps, &listener, bytes).await;
        }
        let before = carried(&taps);
        assert_eq!((before.requests, before.bytes_down), (3, 60));
        {
            let mut watches = taps.watches.lock();
            watches
                .until
                .insert(OWNER, Instant::now() + 9 * REMEMBERED_FOR);
            watches.forget_at(Instant::now() + REMEMBERED_FOR);
            assert!(watches.closed.is_empty());
            assert_eq!(watches.retired.len(), 1, "one sum for the same owners");
        }
        assert_eq!(carried(&taps), before);
        assert_eq!(taps.recorded.load(Ordering::Relaxed), 0);
        let later = Instant::now() + 10 * REMEMBERED_FOR;
        taps.watches.lock().forget_at(later);
        assert!(taps.carried(&[OWNER]).is_empty(), "nobody looks any more");
    }

    #[tokio::test]
    async fn no_more_connections_are_recorded_than_there_is_memory_for() {
        let taps = Arc::<Taps>::default();
        let mut leaves: Vec<_> = (0..MOST_RECORDED).filter_map(|_| taps.leave()).collect();
        assert_eq!(leaves.len(), MOST_RECORDED);
        assert!(taps.leave().is_none());
        leaves.pop();
        assert!(taps.leave().is_some());
    }
}

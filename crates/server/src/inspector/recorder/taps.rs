//! All connections of a server, open and closed.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use netlab::Handle;
use parking_lot::Mutex;
use tokio::net::TcpStream;

use super::{
    Owner,
    exchange::Exchange,
    known::Known,
    leaves::{Leave, Leaves},
    now_us,
    tally::{Tallies, Tally},
    tap::Tap,
    watches::Watches,
};

/// Who has asked looks for so long.
const LOOKS_FOR: Duration = Duration::from_secs(120);

/// The connections of a server.
pub struct Taps {
    started: Instant,
    /// When the last one stops looking, in milliseconds since `started`.
    looks_until_ms: AtomicU64,
    next: AtomicU64,
    leaves: Leaves,
    open: Mutex<HashMap<u64, Arc<Tap>>>,
    watches: Mutex<Watches>,
}

impl Default for Taps {
    fn default() -> Self {
        Taps {
            started: Instant::now(),
            looks_until_ms: AtomicU64::new(0),
            next: AtomicU64::new(1),
            leaves: Leaves::default(),
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
        self.leaves.take()
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

#[cfg(test)]
mod tests {
    use protocol::Transport;
    use tokio::{
        io::AsyncReadExt,
        net::{TcpListener, TcpStream},
    };

    use super::*;
    use crate::inspector::recorder::{reads::Reads, watches::REMEMBERED_FOR};

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
        assert_eq!(taps.leaves.taken(), 0);
        let later = Instant::now() + 10 * REMEMBERED_FOR;
        taps.watches.lock().forget_at(later);
        assert!(taps.carried(&[OWNER]).is_empty(), "nobody looks any more");
    }
}

//! All connections of a server, open and closed.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use netlab::Handle;
use parking_lot::Mutex;
use tokio::net::TcpStream;

use super::{
    Owner,
    closed::Closed,
    exchange::Exchange,
    known::Known,
    looks::Looks,
    now_us,
    tally::{Tallies, Tally},
    tap::Tap,
};

/// The connections of a server.
#[derive(Default)]
pub struct Taps {
    /// The number of the newest connection.
    last: AtomicU64,
    looks: Arc<Looks>,
    open: Mutex<HashMap<u64, Arc<Tap>>>,
    closed: Mutex<Closed>,
}

impl Taps {
    /// A connection was accepted. [`Taps::close`] it before its socket is.
    pub fn tap(&self, io: &TcpStream, server: Option<&'static str>) -> Arc<Tap> {
        let tap = Arc::new(Tap {
            id: self.last.fetch_add(1, Ordering::Relaxed) + 1,
            opened_us: now_us(),
            server,
            looks: self.looks.clone(),
            socket: Handle::of(io),
            is_recorded: false.into(),
            known: Mutex::new(Known::default()),
        });
        self.open.lock().insert(tap.id, tap.clone());
        tap
    }

    /// It is about to be closed.
    pub fn close(&self, tap: &Arc<Tap>) {
        tap.close();
        self.open.lock().remove(&tap.id);
        if tap.is_recorded.load(Ordering::Relaxed) {
            let now = Instant::now();
            let looking = self.looks.owners(now);
            let mut closed = self.closed.lock();
            closed.taps.push_back((now, tap.clone()));
            closed.forget(now, &looking);
        }
    }

    /// These sessions look, from now on for a while.
    pub fn watch(&self, owners: &[Owner]) {
        let now = Instant::now();
        let looking = self.looks.owners(now);
        self.closed.lock().forget(now, &looking);
        let until = self.looks.begin(owners);
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
        let closed = self.closed.lock();
        for (of, tallies) in &closed.retired {
            if of.iter().all(|owner| owners.contains(owner)) {
                add(tallies.clone());
            }
        }
        for tap in closed.of(owners).chain(&self.open_of(owners)) {
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
        let closed = self.closed.lock();
        let open = self.open_of(owners);
        let taps = closed.of(owners).chain(&open);
        let found = taps.filter_map(|tap| Some((tap.clone(), tap.exchange(&wanted)?)));
        found.max_by_key(|(_, exchange)| exchange.began_us)
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
    use crate::inspector::recorder::{closed::REMEMBERED_FOR, reads::Reads};

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
        taps.close(&tap);
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
        let forget_at = |now| {
            let looking = taps.looks.owners(now);
            taps.closed.lock().forget(now, &looking);
        };
        taps.looks
            .look(&[OWNER], Instant::now() + 9 * REMEMBERED_FOR);
        forget_at(Instant::now() + REMEMBERED_FOR);
        assert!(taps.closed.lock().taps.is_empty());
        let sums = taps.closed.lock().retired.len();
        assert_eq!(sums, 1, "one sum for the same owners");
        assert_eq!(carried(&taps), before);
        assert_eq!(taps.looks.recorded(), 0);
        forget_at(Instant::now() + 10 * REMEMBERED_FOR);
        assert!(taps.carried(&[OWNER]).is_empty(), "nobody looks any more");
    }
}

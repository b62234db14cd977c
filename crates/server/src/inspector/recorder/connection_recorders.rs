//! All connections of a server, open and closed.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use netlab::SocketHandle;
use parking_lot::Mutex;
use tokio::net::TcpStream;

use super::{
    SessionTag,
    closed::Closed,
    connection_recorder::ConnectionRecorder,
    exchange::Exchange,
    known::Known,
    now_us,
    tally::{Tallies, Tally},
    viewers::Viewers,
};

/// The connections of a server.
#[derive(Default)]
pub struct ConnectionRecorders {
    /// The number of the newest connection.
    last: AtomicU64,
    viewers: Arc<Viewers>,
    open: Mutex<HashMap<u64, Arc<ConnectionRecorder>>>,
    closed: Mutex<Closed>,
}

impl ConnectionRecorders {
    /// A connection was accepted. [`ConnectionRecorders::close`] it before its socket is.
    pub fn recorder(
        &self,
        io: &TcpStream,
        server: Option<&'static str>,
    ) -> Arc<ConnectionRecorder> {
        let recorder = Arc::new(ConnectionRecorder {
            id: self.last.fetch_add(1, Ordering::Relaxed) + 1,
            opened_us: now_us(),
            server,
            viewers: self.viewers.clone(),
            socket: SocketHandle::of(io),
            is_recorded: false.into(),
            known: Mutex::new(Known::default()),
        });
        self.open.lock().insert(recorder.id, recorder.clone());
        recorder
    }

    /// It is about to be closed.
    pub fn close(&self, recorder: &Arc<ConnectionRecorder>) {
        recorder.close();
        self.open.lock().remove(&recorder.id);
        if recorder.is_recorded.load(Ordering::Relaxed) {
            let now = Instant::now();
            let looking = self.viewers.tags(now);
            let mut closed = self.closed.lock();
            closed.recorders.push_back((now, recorder.clone()));
            closed.forget(now, &looking);
        }
    }

    /// These sessions look, from now on for a while.
    pub fn watch(&self, tags: &[SessionTag]) {
        let now = Instant::now();
        let looking = self.viewers.tags(now);
        self.closed.lock().forget(now, &looking);
        let until = self.viewers.begin(tags);
        for recorder in self.open_of(tags) {
            recorder.watch(until);
        }
    }

    /// The open connections that only these have used.
    pub fn open_of(&self, tags: &[SessionTag]) -> Vec<Arc<ConnectionRecorder>> {
        let open = self.open.lock();
        let mut of: Vec<_> = open
            .values()
            .filter(|recorder| recorder.is_of(tags))
            .cloned()
            .collect();
        of.sort_by_key(|recorder| recorder.id);
        of
    }

    /// `tag`, one of these, ends: what the others of these share with it stays theirs.
    pub fn disown(&self, tag: SessionTag, tags: &[SessionTag]) {
        for recorder in self.open_of(tags) {
            recorder.disown(tag);
        }
    }

    /// StepKind each reader of these cost since they look, over connections that were closed too.
    pub fn carried(&self, tags: &[SessionTag]) -> Tallies {
        let mut carried = Vec::new();
        let mut add = |tallies: Tallies| {
            for (subscription, tally) in tallies {
                Tally::add_to(&mut carried, subscription, &tally);
            }
        };
        let closed = self.closed.lock();
        for (of, tallies) in &closed.retired {
            if of.iter().all(|tag| tags.contains(tag)) {
                add(tallies.clone());
            }
        }
        for recorder in closed.of(tags).chain(&self.open_of(tags)) {
            add(recorder.tallies());
        }
        carried
    }

    /// The newest exchange of these that is kept and answers to `wanted`, and its connection.
    pub fn exchange(
        &self,
        tags: &[SessionTag],
        wanted: impl Fn(&Exchange) -> bool,
    ) -> Option<(Arc<ConnectionRecorder>, Exchange)> {
        let closed = self.closed.lock();
        let open = self.open_of(tags);
        let recorders = closed.of(tags).chain(&open);
        let found =
            recorders.filter_map(|recorder| Some((recorder.clone(), recorder.exchange(&wanted)?)));
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
    use crate::inspector::recorder::{closed::REMEMBERED_FOR, subscription::Subscription};

    const TAG: SessionTag = 7;

    fn subscription() -> Subscription {
        Subscription {
            room: "r".into(),
            tab: None,
            transport: Transport::WebSocket,
        }
    }

    /// A connection of TAG that read a room, sent as many bytes, and is closed.
    async fn guard(recorders: &Arc<ConnectionRecorders>, listener: &TcpListener, bytes: usize) {
        let client = TcpStream::connect(listener.local_addr().unwrap());
        let (client, accepted) = tokio::join!(client, listener.accept());
        let (mut client, (server, _)) = (client.unwrap(), accepted.unwrap());
        let recorder = recorders.recorder(&server, None);
        recorders.watch(&[TAG]);
        recorder.received(b"GET / HTTP/1.1\r\n\r\n");
        recorder.used_by(&[TAG]);
        recorder.claim(subscription());
        server.writable().await.unwrap();
        server.try_write(&vec![1; bytes]).unwrap();
        let mut heard = vec![0; bytes];
        client.read_exact(&mut heard).await.unwrap();
        recorders.close(&recorder);
    }

    fn carried(recorders: &ConnectionRecorders) -> Tally {
        match &recorders.carried(&[TAG])[..] {
            [(of, tally)] if *of == subscription() => *tally,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn closed_connections_are_forgotten_and_what_they_cost_is_not() {
        let recorders = Arc::<ConnectionRecorders>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        for bytes in [10, 20, 30] {
            guard(&recorders, &listener, bytes).await;
        }
        let before = carried(&recorders);
        assert_eq!((before.requests, before.bytes_down), (3, 60));
        let forget_at = |now| {
            let looking = recorders.viewers.tags(now);
            recorders.closed.lock().forget(now, &looking);
        };
        recorders
            .viewers
            .look(&[TAG], Instant::now() + 9 * REMEMBERED_FOR);
        forget_at(Instant::now() + REMEMBERED_FOR);
        assert!(recorders.closed.lock().recorders.is_empty());
        let sums = recorders.closed.lock().retired.len();
        assert_eq!(sums, 1, "one sum for the same tags");
        assert_eq!(carried(&recorders), before);
        assert_eq!(recorders.viewers.recorded(), 0);
        forget_at(Instant::now() + 10 * REMEMBERED_FOR);
        assert!(
            recorders.carried(&[TAG]).is_empty(),
            "nobody looks any more"
        );
    }
}

//! The recorders of all connections of a server, open and closed.

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
    SessionTag, closed_connections::ClosedConnections, connection_recorder::ConnectionRecorder,
    connection_state::ConnectionState, exchange::Exchange, now_us, reader_costs::ReaderCosts,
    viewers::Viewers,
};

/// The recorders of all connections of a server.
#[derive(Default)]
pub struct ConnectionRecorders {
    /// The id of the newest connection.
    last_id: AtomicU64,
    viewers: Arc<Viewers>,
    open: Mutex<HashMap<u64, Arc<ConnectionRecorder>>>,
    closed: Mutex<ClosedConnections>,
}

impl ConnectionRecorders {
    /// Adds a connection that was accepted. Call [`ConnectionRecorders::close`] before its socket
    /// is closed.
    pub fn open_connection(
        &self,
        io: &TcpStream,
        server: Option<&'static str>,
    ) -> Arc<ConnectionRecorder> {
        let recorder = Arc::new(ConnectionRecorder {
            id: self.last_id.fetch_add(1, Ordering::Relaxed) + 1,
            opened_us: now_us(),
            server,
            viewers: self.viewers.clone(),
            socket: SocketHandle::of(io),
            is_recording: false.into(),
            state: Mutex::new(ConnectionState::default()),
        });
        self.open.lock().insert(recorder.id, recorder.clone());
        recorder
    }

    /// Whether any connection is recorded.
    pub fn records_any(&self) -> bool {
        self.viewers.records_any()
    }

    /// Must be called when a connection is about to be closed.
    pub fn close(&self, recorder: &Arc<ConnectionRecorder>) {
        recorder.close();
        // Kept before it is removed, so that whoever looks meanwhile finds it.
        if recorder.is_recording.load(Ordering::Relaxed) {
            let now = Instant::now();
            let viewing = self.viewers.active(now);
            let mut closed = self.closed.lock();
            closed.recorders.push_back((now, recorder.clone()));
            closed.expire(now, &viewing);
        }
        self.open.lock().remove(&recorder.id);
    }

    /// Records the connections of these sessions for the viewing period.
    pub fn start_viewing(&self, tags: &[SessionTag]) {
        let now = Instant::now();
        let viewing = self.viewers.active(now);
        self.closed.lock().expire(now, &viewing);
        let until = self.viewers.begin(tags);
        for recorder in self.open_used_only_by(tags) {
            recorder.record_until(until);
        }
    }

    /// The open connections that no other session has used, sorted by id.
    pub fn open_used_only_by(&self, tags: &[SessionTag]) -> Vec<Arc<ConnectionRecorder>> {
        let open = self.open.lock();
        let mut found: Vec<_> = open
            .values()
            .filter(|recorder| recorder.is_used_only_by(tags))
            .cloned()
            .collect();
        found.sort_by_key(|recorder| recorder.id);
        found
    }

    /// The session `tag`, which is one of `tags`, has ended. The connections that it shared with
    /// the others belong to the others from now on.
    pub fn remove_session(&self, tag: SessionTag, tags: &[SessionTag]) {
        for recorder in self.open_used_only_by(tags) {
            recorder.remove_session(tag);
        }
    }

    /// What each subscription of these sessions has cost since the viewing started, including
    /// closed connections.
    pub fn costs(&self, tags: &[SessionTag]) -> ReaderCosts {
        let mut total = self.closed.lock().expired_costs_of(tags);
        for recorder in self.used_only_by(tags) {
            total.add_all(&recorder.costs());
        }
        total
    }

    /// The connections, open and closed, that no other session has used. No lock is held while what
    /// they have recorded is read: other sessions need it too.
    fn used_only_by(&self, tags: &[SessionTag]) -> Vec<Arc<ConnectionRecorder>> {
        // The open ones first: one that is closed meanwhile is found twice rather than not at all.
        let mut found = self.open_used_only_by(tags);
        found.extend(self.closed.lock().used_only_by(tags).cloned());
        found.sort_by_key(|recorder| recorder.id);
        found.dedup_by_key(|recorder| recorder.id);
        found
    }

    /// The newest recorded exchange of these sessions that matches `wanted`, with its connection.
    pub fn exchange(
        &self,
        tags: &[SessionTag],
        wanted: impl Fn(&Exchange) -> bool,
    ) -> Option<(Arc<ConnectionRecorder>, Exchange)> {
        let recorders = self.used_only_by(tags).into_iter();
        let found = recorders.filter_map(|recorder| {
            let exchange = recorder.exchange(&wanted)?;
            Some((recorder, exchange))
        });
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
    use crate::inspector::recorder::{
        ReaderCost, closed_connections::KEPT_FOR, subscription::Subscription,
    };

    const TAG: SessionTag = 7;

    fn subscription() -> Subscription {
        Subscription {
            room: "r".into(),
            tab: None,
            transport: Transport::WebSocket,
        }
    }

    /// Opens a connection of TAG that reads a room, sends it `bytes` bytes, and closes it.
    async fn run_connection(
        recorders: &Arc<ConnectionRecorders>,
        listener: &TcpListener,
        bytes: usize,
    ) {
        let client = TcpStream::connect(listener.local_addr().unwrap());
        let (client, accepted) = tokio::join!(client, listener.accept());
        let (mut client, (server, _)) = (client.unwrap(), accepted.unwrap());
        let recorder = recorders.open_connection(&server, None);
        recorders.start_viewing(&[TAG]);
        recorder.received(b"GET / HTTP/1.1\r\n\r\n");
        recorder.add_sessions(&[TAG]);
        recorder.set_subscription(subscription());
        server.writable().await.unwrap();
        server.try_write(&vec![1; bytes]).unwrap();
        let mut received = vec![0; bytes];
        client.read_exact(&mut received).await.unwrap();
        recorders.close(&recorder);
    }

    fn cost(recorders: &ConnectionRecorders) -> ReaderCost {
        let costs = recorders.costs(&[TAG]);
        match costs.iter().collect::<Vec<_>>()[..] {
            [(read, cost)] if *read == subscription() => *cost,
            ref other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn costs_are_kept_after_closed_connections_are_dropped() {
        let recorders = Arc::<ConnectionRecorders>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        for bytes in [10, 20, 30] {
            run_connection(&recorders, &listener, bytes).await;
        }
        let before = cost(&recorders);
        assert_eq!((before.requests, before.bytes_down), (3, 60));
        let expire_at = |now| {
            let viewing = recorders.viewers.active(now);
            recorders.closed.lock().expire(now, &viewing);
        };
        recorders
            .viewers
            .extend(&[TAG], Instant::now() + 9 * KEPT_FOR);
        expire_at(Instant::now() + KEPT_FOR);
        assert!(recorders.closed.lock().recorders.is_empty());
        let entries = recorders.closed.lock().expired_costs.len();
        assert_eq!(entries, 1, "one entry for the same tags");
        assert_eq!(cost(&recorders), before);
        assert_eq!(recorders.viewers.permits_taken(), 0);
        expire_at(Instant::now() + 10 * KEPT_FOR);
        assert!(
            recorders.costs(&[TAG]).iter().next().is_none(),
            "the viewing period is over"
        );
    }
}

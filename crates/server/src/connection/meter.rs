//! What the handlers of a connection's requests know of it and can do with it.

use std::{cell::Cell, rc::Rc, sync::Arc, time::Duration};

use protocol::Transport;
use tokio::time::Instant;

use crate::{
    inspector::recorder::{
        ConnectionRecorder, ConnectionRecorders, HistoryRequest, SessionTag, Subscription,
    },
    metrics::Metrics,
};

/// Counts the traffic of a connection, and passes it to the recorder. Shared by the stream and the
/// handlers, which run on one thread.
pub struct Meter {
    metrics: Arc<Metrics>,
    recorders: Arc<ConnectionRecorders>,
    recorder: Arc<ConnectionRecorder>,
    transport: Cell<Option<Transport>>,
    /// Bytes of a request whose transport is not known yet.
    unattributed: Cell<u64>,
    last_received: Cell<Instant>,
    slow: Cell<bool>,
}

impl Meter {
    pub(super) fn new(
        metrics: Arc<Metrics>,
        recorders: Arc<ConnectionRecorders>,
        recorder: Arc<ConnectionRecorder>,
    ) -> Rc<Self> {
        metrics.connections.inc();
        Rc::new(Meter {
            metrics,
            recorders,
            recorder,
            transport: Cell::new(None),
            unattributed: Cell::new(0),
            last_received: Cell::new(Instant::now()),
            slow: Cell::new(false),
        })
    }

    /// A request has started. It is not known yet whether it reads a room. The peer no longer
    /// counts as slow because of an earlier response.
    pub fn begin_request(&self) {
        self.transport.set(None);
        self.slow.set(false);
        self.recorder.begin_request();
    }

    /// The current request belongs to these sessions.
    pub fn add_sessions(&self, tags: &[SessionTag]) {
        self.recorder.add_sessions(tags);
    }

    /// The current request reads this, and its cost is counted for it.
    pub fn set_subscription(&self, subscription: Subscription) {
        self.transport.set(Some(subscription.transport));
        self.count_received(0);
        self.recorder.set_subscription(subscription);
    }

    /// The current request asks for this.
    pub fn set_history(&self, history: HistoryRequest) {
        self.recorder.set_history(history);
    }

    /// The name of the server that accepted the connection, if it has one.
    pub fn server(&self) -> Option<&'static str> {
        self.recorder.server
    }

    /// The name of the server for messages to users: `plain` if it has none.
    pub fn server_name(&self) -> &'static str {
        self.recorder.server.unwrap_or("plain")
    }

    /// How long ago the last byte was received from the peer.
    pub fn silent_for(&self) -> Duration {
        self.last_received.get().elapsed()
    }

    /// Whether the peer has accepted no byte for `slow_after` of
    /// [`SlowPeerTimeouts`](super::SlowPeerTimeouts) while some were due. When this becomes true,
    /// the task that writes to the connection is woken.
    pub fn is_slow(&self) -> bool {
        self.slow.get()
    }

    pub(super) fn mark_slow(&self) {
        self.slow.set(true);
    }

    /// The peer has sent these bytes; none means that it has closed its half of the connection.
    pub(super) fn received(&self, bytes: &[u8]) {
        self.last_received.set(Instant::now());
        self.count_received(bytes.len() as u64);
        if !bytes.is_empty() {
            self.recorder.received(bytes);
        }
    }

    /// The kernel has accepted these bytes.
    pub fn sent(&self, bytes: &[u8]) {
        self.count_sent(bytes.len() as u64);
        self.recorder.sent(bytes);
    }

    /// Must be called when the socket is about to be closed.
    pub(super) fn close(&self) {
        self.recorders.close(&self.recorder);
    }

    fn count_received(&self, bytes: u64) {
        let bytes = self.unattributed.take() + bytes;
        match self.transport.get() {
            Some(transport) => self.metrics.bytes_received[transport.index()].inc_by(bytes),
            None => self.unattributed.set(bytes),
        }
    }

    fn count_sent(&self, bytes: u64) {
        // A response to a request that reads no room: both are counted for no transport.
        self.unattributed.set(0);
        if let Some(transport) = self.transport.get() {
            self.metrics.bytes_sent[transport.index()].inc_by(bytes);
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.metrics.connections.dec();
    }
}

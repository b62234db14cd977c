//! StepKind is known of a connection by whoever serves it.

use std::{cell::Cell, rc::Rc, sync::Arc, time::Duration};

use protocol::Transport;
use tokio::time::Instant;

use crate::{
    inspector::recorder::{ConnectionRecorder, ConnectionRecorders, SessionTag, Subscription},
    metrics::Metrics,
};

/// Shared with the stream, on one thread.
pub struct Meter {
    metrics: Arc<Metrics>,
    recorders: Arc<ConnectionRecorders>,
    recorder: Arc<ConnectionRecorder>,
    transport: Cell<Option<Transport>>,
    /// Bytes of a request whose transport is not known yet.
    unclaimed: Cell<u64>,
    heard: Cell<Instant>,
    slow: Cell<bool>,
    hung_up: Cell<bool>,
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
            unclaimed: Cell::new(0),
            heard: Cell::new(Instant::now()),
            slow: Cell::new(false),
            hung_up: Cell::new(false),
        })
    }

    /// A request has begun, of which it is not known yet whether it subscription a room. Whether the
    /// peer was slow to take the answers before does not matter any more.
    pub fn begin(&self) {
        self.transport.set(None);
        self.slow.set(false);
        self.recorder.begin();
    }

    /// This request is of these sessions.
    pub fn used_by(&self, tags: &[SessionTag]) {
        self.recorder.used_by(tags);
    }

    /// StepKind this request costs is the cost of reading that.
    pub fn claim(&self, subscription: Subscription) {
        self.transport.set(Some(subscription.transport));
        self.count_received(0);
        self.recorder.claim(subscription);
    }

    /// Which of several servers the connection came to, if they have names.
    pub fn server(&self) -> Option<&'static str> {
        self.recorder.server
    }

    /// The same for people, also where it has no name.
    pub fn server_name(&self) -> &'static str {
        self.recorder.server.unwrap_or("plain")
    }

    /// How long ago the last byte came from the peer.
    pub fn silent_for(&self) -> Duration {
        self.heard.get().elapsed()
    }

    /// Whether the peer has accepted no byte for [`Patience::slow`](super::Patience::slow) while some were due. When it
    /// turns true, the task that writes to the connection is woken.
    pub fn is_slow(&self) -> bool {
        self.slow.get()
    }

    /// Ends the connection, as soon as what was written has been sent, as if the peer had.
    pub fn hang_up(&self) {
        self.hung_up.set(true);
    }

    pub(super) fn mark_slow(&self) {
        self.slow.set(true);
    }

    pub(super) fn is_hung_up(&self) -> bool {
        self.hung_up.get()
    }

    /// The peer has sent these, or has ended its half where there are none.
    pub(super) fn received(&self, bytes: &[u8]) {
        self.heard.set(Instant::now());
        self.count_received(bytes.len() as u64);
        if !bytes.is_empty() {
            self.recorder.received(bytes);
        }
    }

    /// The kernel has taken these.
    pub(super) fn sent(&self, bytes: &[u8]) {
        self.count_sent(bytes.len() as u64);
        self.recorder.sent(bytes);
    }

    /// The socket is about to be closed.
    pub(super) fn close(&self) {
        self.recorders.close(&self.recorder);
    }

    fn count_received(&self, bytes: u64) {
        let bytes = self.unclaimed.take() + bytes;
        match self.transport.get() {
            Some(transport) => self.metrics.bytes_received[transport.index()].inc_by(bytes),
            None => self.unclaimed.set(bytes),
        }
    }

    fn count_sent(&self, bytes: u64) {
        // An answer to something that read no room: neither it nor its request is a transport's.
        self.unclaimed.set(0);
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

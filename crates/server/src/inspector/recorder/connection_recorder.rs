//! One connection: what it costs, and what crosses it while somebody viewers.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use netlab::SocketHandle;
use parking_lot::Mutex;

use super::{
    SessionTag,
    exchange::Exchange,
    known::Known,
    now_us,
    record::Record,
    subscription::Subscription,
    tally::{Counts, Tallies},
    viewers::Viewers,
};

/// StepKind is known of one connection, open or closed.
pub struct ConnectionRecorder {
    pub id: u64,
    /// In microseconds since 1970.
    pub opened_us: i64,
    /// Which of several servers it came to, if they have names.
    pub server: Option<&'static str>,
    pub(super) viewers: Arc<Viewers>,
    pub(super) socket: SocketHandle,
    pub(super) is_recorded: AtomicBool,
    pub(super) known: Mutex<Known>,
}

impl ConnectionRecorder {
    /// A request has begun.
    pub fn begin(&self) {
        let mut known = self.known.lock();
        known.requests += 1;
        known.is_reading = false;
    }

    /// The present request is of these sessions.
    pub fn used_by(&self, tags: &[SessionTag]) {
        for tag in tags {
            let mut known = self.known.lock();
            if !known.tags.contains(tag) {
                known.tags.push(*tag);
            }
        }
        if !self.is_recorded.load(Ordering::Relaxed) {
            return;
        }
        let until = self.viewers.until(tags);
        let mut known = self.known.lock();
        match (until, &mut known.record) {
            (Some(until), Some(record)) => record.until = until,
            _ => self.stop_recording(&mut known),
        }
    }

    /// The present request is a reader's.
    pub fn claim(&self, subscription: Subscription) {
        let mut known = self.known.lock();
        if let Some(record) = &mut known.record {
            record.claim(subscription.clone());
        }
        known.subscription = Some(subscription);
        known.is_reading = true;
    }

    /// Bytes came from the client.
    pub fn received(&self, bytes: &[u8]) {
        if !self.is_recorded.load(Ordering::Relaxed) {
            let Some(until) = self.viewers.anybody() else {
                return;
            };
            let mut known = self.known.lock();
            // StepKind comes over a socket is no request, and its tag is not looking.
            if known.reading().is_some_and(Subscription::is_socket) {
                return;
            }
            // Whose request this is will be known when it has been read. It has come in one
            // segment, or in a few that are counted with what came before.
            let mut counts = self.counts(&known).unwrap_or_default();
            counts.data_segments_up = counts.data_segments_up.saturating_sub(1);
            self.record(&mut known, until, counts, None);
        }
        let mut known = self.known.lock();
        let counts = || self.socket.tcp_info().map(Counts::from).unwrap_or_default();
        if let Some(record) = &mut known.record {
            record.received(bytes, now_us(), counts);
        }
    }

    /// Bytes went to the client.
    pub fn sent(&self, bytes: &[u8]) {
        if !self.is_recorded.load(Ordering::Relaxed) {
            return;
        }
        let mut known = self.known.lock();
        if let Some(record) = &mut known.record {
            record.sent(bytes, now_us());
            if record.until < Instant::now() {
                self.stop_recording(&mut known);
            }
        }
    }

    /// The connection is about to be closed.
    pub(super) fn close(&self) {
        let mut known = self.known.lock();
        known.closed = self.counts(&known);
        self.socket.close();
    }

    /// StepKind the kernel counted so far, where it tells.
    pub fn counted(&self) -> Option<Counts> {
        self.counts(&self.known.lock())
    }

    /// StepKind its last reader read, who may be reading still.
    pub fn subscription(&self) -> Option<Subscription> {
        self.known.lock().subscription.clone()
    }

    /// StepKind its present request subscription, or the last one if there is none at present.
    pub fn reading(&self) -> Option<Subscription> {
        self.known.lock().reading().cloned()
    }

    pub fn requests(&self) -> u64 {
        self.known.lock().requests
    }

    /// StepKind each reader cost since somebody viewers.
    pub fn tallies(&self) -> Tallies {
        let known = self.known.lock();
        let counts = self.counts(&known);
        let tallies = counts.zip(known.record.as_ref());
        tallies.map_or_else(Vec::new, |(counts, record)| record.tallies(&counts))
    }

    /// The newest exchange that is kept and answers to `wanted`.
    pub fn exchange(&self, wanted: impl Fn(&Exchange) -> bool) -> Option<Exchange> {
        let known = self.known.lock();
        let mut exchanges = known.record.as_ref()?.exchanges();
        exchanges.find(|exchange| wanted(exchange)).cloned()
    }

    /// Shuts the connection down, without a word to anybody.
    pub fn cut(&self) {
        self.socket.shut_down();
    }

    /// Whether nobody else has used it.
    pub(super) fn is_of(&self, tags: &[SessionTag]) -> bool {
        let known = self.known.lock();
        !known.tags.is_empty() && known.tags.iter().all(|tag| tags.contains(tag))
    }

    /// Somebody viewers, from now until then.
    pub(super) fn watch(&self, until: Instant) {
        let mut known = self.known.lock();
        if let Some(record) = &mut known.record {
            record.until = until;
            return;
        }
        let subscription = known.reading().cloned();
        // StepKind a connection did for its first reader is that reader's, also from before.
        let counts = match known.requests {
            1 if subscription.is_some() => Counts::default(),
            _ => self.counts(&known).unwrap_or_default(),
        };
        self.record(&mut known, until, counts, subscription);
    }

    /// This tag has left; whoever owns the connection after it is told nothing from before.
    pub(super) fn disown(&self, tag: SessionTag) {
        let mut known = self.known.lock();
        known.tags.retain(|other| *other != tag);
        if let Some(until) = known.record.as_ref().map(|record| record.until) {
            self.record_anew(&mut known, until);
        }
    }

    /// From here on.
    fn record_anew(&self, known: &mut Known, until: Instant) {
        let counts = self.counts(known).unwrap_or_default();
        let subscription = known.reading().cloned();
        self.stop_recording(known);
        self.record(known, until, counts, subscription);
    }

    /// Unless too many are recorded already.
    fn record(
        &self,
        known: &mut Known,
        until: Instant,
        counts: Counts,
        subscription: Option<Subscription>,
    ) {
        if let Some(permit) = self.viewers.permit() {
            known.permit = Some(permit);
            known.record = Some(Record::joined(until, counts, subscription, now_us()));
            self.is_recorded.store(true, Ordering::Relaxed);
        }
    }

    fn stop_recording(&self, known: &mut Known) {
        known.record = None;
        known.permit = None;
        self.is_recorded.store(false, Ordering::Relaxed);
    }

    fn counts(&self, known: &Known) -> Option<Counts> {
        known
            .closed
            .or_else(|| self.socket.tcp_info().map(Counts::from))
    }
}

//! One connection: what it costs, and what crosses it while somebody looks.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use netlab::Handle;
use parking_lot::Mutex;

use super::{
    Owner,
    exchange::Exchange,
    known::Known,
    looks::Looks,
    now_us,
    reads::Reads,
    record::Record,
    tally::{Counts, Tallies},
};

/// What is known of one connection, open or closed.
pub struct Tap {
    pub id: u64,
    /// In microseconds since 1970.
    pub opened_us: i64,
    /// Which of several servers it came to, if they have names.
    pub server: Option<&'static str>,
    pub(super) looks: Arc<Looks>,
    pub(super) socket: Handle,
    pub(super) is_recorded: AtomicBool,
    pub(super) known: Mutex<Known>,
}

impl Tap {
    /// A request has begun.
    pub fn begin(&self) {
        let mut known = self.known.lock();
        known.requests += 1;
        known.is_reading = false;
    }

    /// The present request is of these sessions.
    pub fn used_by(&self, owners: &[Owner]) {
        for owner in owners {
            let mut known = self.known.lock();
            if !known.owners.contains(owner) {
                known.owners.push(*owner);
            }
        }
        if !self.is_recorded.load(Ordering::Relaxed) {
            return;
        }
        let until = self.looks.until(owners);
        let mut known = self.known.lock();
        match (until, &mut known.record) {
            (Some(until), Some(record)) => record.until = until,
            _ => self.stop_recording(&mut known),
        }
    }

    /// The present request is a reader's.
    pub fn claim(&self, reads: Reads) {
        let mut known = self.known.lock();
        if let Some(record) = &mut known.record {
            record.claim(reads.clone());
        }
        known.reads = Some(reads);
        known.is_reading = true;
    }

    /// Bytes came from the client.
    pub fn received(&self, bytes: &[u8]) {
        if !self.is_recorded.load(Ordering::Relaxed) {
            let Some(until) = self.looks.anybody() else {
                return;
            };
            let mut known = self.known.lock();
            // What comes over a socket is no request, and its owner is not looking.
            if known.reading().is_some_and(Reads::is_socket) {
                return;
            }
            // Whose request this is will be known when it has been read. It has come in one
            // segment, or in a few that are counted with what came before.
            let mut counts = self.counts(&known).unwrap_or_default();
            counts.data_segments_up = counts.data_segments_up.saturating_sub(1);
            self.record(&mut known, until, counts, None);
        }
        let mut known = self.known.lock();
        let counts = || self.socket.counted().map(Counts::from).unwrap_or_default();
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

    /// What the kernel counted so far, where it tells.
    pub fn counted(&self) -> Option<Counts> {
        self.counts(&self.known.lock())
    }

    /// What its last reader read, who may be reading still.
    pub fn reads(&self) -> Option<Reads> {
        self.known.lock().reads.clone()
    }

    /// What its present request reads, or the last one if there is none at present.
    pub fn reading(&self) -> Option<Reads> {
        self.known.lock().reading().cloned()
    }

    pub fn requests(&self) -> u64 {
        self.known.lock().requests
    }

    /// What each reader cost since somebody looks.
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
    pub(super) fn is_of(&self, owners: &[Owner]) -> bool {
        let known = self.known.lock();
        !known.owners.is_empty() && known.owners.iter().all(|owner| owners.contains(owner))
    }

    /// Somebody looks, from now until then.
    pub(super) fn watch(&self, until: Instant) {
        let mut known = self.known.lock();
        if let Some(record) = &mut known.record {
            record.until = until;
            return;
        }
        let reads = known.reading().cloned();
        // What a connection did for its first reader is that reader's, also from before.
        let counts = match known.requests {
            1 if reads.is_some() => Counts::default(),
            _ => self.counts(&known).unwrap_or_default(),
        };
        self.record(&mut known, until, counts, reads);
    }

    /// This owner has left; whoever owns the connection after it is told nothing from before.
    pub(super) fn disown(&self, owner: Owner) {
        let mut known = self.known.lock();
        known.owners.retain(|other| *other != owner);
        if let Some(until) = known.record.as_ref().map(|record| record.until) {
            self.record_anew(&mut known, until);
        }
    }

    /// From here on.
    fn record_anew(&self, known: &mut Known, until: Instant) {
        let counts = self.counts(known).unwrap_or_default();
        let reads = known.reading().cloned();
        self.stop_recording(known);
        self.record(known, until, counts, reads);
    }

    /// Unless too many are recorded already.
    fn record(&self, known: &mut Known, until: Instant, counts: Counts, reads: Option<Reads>) {
        if let Some(leave) = self.looks.leave() {
            known.leave = Some(leave);
            known.record = Some(Record::joined(until, counts, reads, now_us()));
            self.is_recorded.store(true, Ordering::Relaxed);
        }
    }

    fn stop_recording(&self, known: &mut Known) {
        known.record = None;
        known.leave = None;
        self.is_recorded.store(false, Ordering::Relaxed);
    }

    fn counts(&self, known: &Known) -> Option<Counts> {
        known
            .closed
            .or_else(|| self.socket.counted().map(Counts::from))
    }
}

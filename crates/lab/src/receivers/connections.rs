//! All connections of a trial's receivers, and their bytes.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use futures_util::{StreamExt, stream::FuturesUnordered};

use super::{counted_stream::CountedStream, faults::Faults, traffic_counts::TrafficCounts};

pub struct Connections {
    opened: Cell<u64>,
    /// The open connections by number.
    streams: RefCell<HashMap<u64, CountedStream>>,
    /// The counts of the closed connections.
    closed: Cell<TrafficCounts>,
    faults: Faults,
}

impl Connections {
    /// Differences from the kernel's counts are added to `faults`.
    pub fn new(faults: Faults) -> Self {
        Connections {
            opened: Cell::new(0),
            streams: RefCell::default(),
            closed: Cell::default(),
            faults,
        }
    }

    /// Registers a new connection, and returns its number.
    pub fn open(&self, stream: &CountedStream) -> u64 {
        let number = self.opened.get();
        self.opened.set(number + 1);
        self.streams.borrow_mut().insert(number, stream.clone());
        number
    }

    /// Counts one byte on the first connection that was not sent: a planted fault.
    pub fn miscount(&self) {
        if let Some(stream) = self.streams.borrow().get(&0) {
            stream.miscount();
        }
    }

    /// The number of connections opened so far.
    pub fn opened(&self) -> u64 {
        self.opened.get()
    }

    /// Ends a connection, and compares its bytes with the kernel's count.
    pub async fn close(&self, number: u64) {
        let stream = self.streams.borrow().get(&number).cloned();
        let Some(stream) = stream else { return };
        match stream.finish().await {
            Ok(_) => {}
            Err(difference) => self.faults.bytes_disagree(difference),
        }
        // There is no await between removing and adding, so its bytes are always counted once.
        if self.streams.borrow_mut().remove(&number).is_some() {
            self.closed.set(self.closed.get() + stream.bytes());
        }
    }

    pub async fn close_all(&self) {
        let open: Vec<u64> = self.streams.borrow().keys().copied().collect();
        let closing: FuturesUnordered<_> =
            open.into_iter().map(|number| self.close(number)).collect();
        closing.collect::<()>().await;
    }

    /// The counts of all connections so far, open or closed.
    pub fn bytes(&self) -> TrafficCounts {
        let streams = self.streams.borrow();
        streams
            .values()
            .fold(self.closed.get(), |sum, stream| sum + stream.bytes())
    }
}

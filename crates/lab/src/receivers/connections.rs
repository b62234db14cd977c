//! The connections of a trial's clients, from their beginning to their end, and their bytes.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use futures_util::{StreamExt, stream::FuturesUnordered};

use super::{bytes::Bytes, counted_stream::CountedStream, faults::Faults};

pub struct Connections {
    opened: Cell<u64>,
    /// Those that are open, by number.
    streams: RefCell<HashMap<u64, CountedStream>>,
    /// Bytes of those that are closed.
    ended: Cell<Bytes>,
    faults: Faults,
}

impl Connections {
    /// What the kernel counted otherwise becomes one of `faults`.
    pub fn new(faults: Faults) -> Self {
        Connections {
            opened: Cell::new(0),
            streams: RefCell::default(),
            ended: Cell::default(),
            faults,
        }
    }

    /// Counts a connection, from its beginning to its end.
    pub fn open(&self, stream: &CountedStream) -> u64 {
        let number = self.opened.get();
        self.opened.set(number + 1);
        self.streams.borrow_mut().insert(number, stream.clone());
        number
    }

    /// Connections opened so far.
    pub fn opened(&self) -> u64 {
        self.opened.get()
    }

    /// Ends a connection, and holds its bytes against what the kernel counted.
    pub async fn close(&self, number: u64) {
        let stream = self.streams.borrow().get(&number).cloned();
        let Some(stream) = stream else { return };
        match stream.finish().await {
            Ok(_) => {}
            Err(told) => self.faults.disagrees(told),
        }
        // Nothing awaits between the two: it is never counted twice or not at all.
        if self.streams.borrow_mut().remove(&number).is_some() {
            self.ended.set(self.ended.get() + stream.bytes());
        }
    }

    pub async fn close_all(&self) {
        let open: Vec<u64> = self.streams.borrow().keys().copied().collect();
        let closing: FuturesUnordered<_> =
            open.into_iter().map(|number| self.close(number)).collect();
        closing.collect::<()>().await;
    }

    /// Bytes of all connections so far, open or closed.
    pub fn bytes(&self) -> Bytes {
        let streams = self.streams.borrow();
        streams
            .values()
            .fold(self.ended.get(), |sum, stream| sum + stream.bytes())
    }
}

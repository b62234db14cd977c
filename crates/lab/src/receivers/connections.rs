//! The connections of a trial's clients, from their beginning to their end, and their bytes.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use futures_util::{StreamExt, stream::FuturesUnordered};

use super::{bytes::Bytes, faults::Faults, wire::Wire};

pub struct Connections {
    opened: Cell<u64>,
    /// Those that are open, by number.
    wires: RefCell<HashMap<u64, Wire>>,
    /// Bytes of those that are closed.
    ended: Cell<Bytes>,
    faults: Faults,
}

impl Connections {
    /// What the kernel counted otherwise becomes one of `faults`.
    pub fn new(faults: Faults) -> Self {
        Connections {
            opened: Cell::new(0),
            wires: RefCell::default(),
            ended: Cell::default(),
            faults,
        }
    }

    /// Counts a connection, from its beginning to its end.
    pub fn open(&self, wire: &Wire) -> u64 {
        let number = self.opened.get();
        self.opened.set(number + 1);
        self.wires.borrow_mut().insert(number, wire.clone());
        number
    }

    /// Connections opened so far.
    pub fn opened(&self) -> u64 {
        self.opened.get()
    }

    /// Ends a connection, and holds its bytes against what the kernel counted.
    pub async fn close(&self, number: u64) {
        let wire = self.wires.borrow().get(&number).cloned();
        let Some(wire) = wire else { return };
        match wire.finish().await {
            Ok(_) => {}
            Err(told) => self.faults.disagrees(told),
        }
        // Nothing awaits between the two: it is never counted twice or not at all.
        if self.wires.borrow_mut().remove(&number).is_some() {
            self.ended.set(self.ended.get() + wire.bytes());
        }
    }

    pub async fn close_all(&self) {
        let open: Vec<u64> = self.wires.borrow().keys().copied().collect();
        let closing: FuturesUnordered<_> =
            open.into_iter().map(|number| self.close(number)).collect();
        closing.collect::<()>().await;
    }

    /// Bytes of all connections so far, open or closed.
    pub fn bytes(&self) -> Bytes {
        let wires = self.wires.borrow();
        wires
            .values()
            .fold(self.ended.get(), |sum, wire| sum + wire.bytes())
    }
}

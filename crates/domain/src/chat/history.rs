//! The history to which the numbers of messages belong.
//!
//! After a restore, or after a failover to a replica that lags, a database may give numbers again that it has
//! given before. Its history is then another one, with another epoch, and a cursor of the one before means
//! nothing in it.

use std::sync::Arc;

use parking_lot::RwLock;
use tokio::sync::watch;

/// The history that a server reads and writes.
pub struct History {
    epoch: RwLock<Arc<str>>,
    /// How many histories have begun while this process runs.
    number: watch::Sender<u64>,
}

impl History {
    pub(super) fn new(epoch: &str) -> Self {
        History {
            epoch: RwLock::new(epoch.into()),
            number: watch::Sender::new(1),
        }
    }

    /// A text that no other history has.
    pub fn epoch(&self) -> Arc<str> {
        self.epoch.read().clone()
    }

    /// Differs from what it was before if another history has begun since.
    pub fn number(&self) -> u64 {
        *self.number.borrow()
    }

    /// A receiver that is notified when another history begins.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.number.subscribe()
    }

    /// Ends all readers of the history before.
    pub(super) fn begin(&self, epoch: &str) {
        *self.epoch.write() = epoch.into();
        self.number.send_modify(|number| *number += 1);
    }
}

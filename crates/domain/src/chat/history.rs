//! The history to which the numbers of messages belong.
//!
//! After a restore, or after a failover to a replica that lags, a database may give numbers again that it has
//! given before. Its history is then another one, with another epoch, and a cursor of the one before means
//! nothing in it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use parking_lot::{Mutex, MutexGuard, RwLock};
use tokio::sync::watch;

/// The history that a server reads and writes.
pub struct History {
    epoch: RwLock<Arc<str>>,
    /// How many histories have begun while this process runs.
    number: AtomicU64,
    begun: watch::Sender<()>,
    /// Held while heads are moved that are not the writer's own.
    heads: Mutex<()>,
}

impl History {
    pub(super) fn new(epoch: &str) -> Self {
        History {
            epoch: RwLock::new(epoch.into()),
            number: AtomicU64::new(1),
            begun: watch::Sender::new(()),
            heads: Mutex::new(()),
        }
    }

    /// A text that no other history has.
    pub fn epoch(&self) -> Arc<str> {
        self.epoch.read().clone()
    }

    /// Differs from what it was before if another history has begun since.
    pub fn number(&self) -> u64 {
        self.number.load(Ordering::Acquire)
    }

    /// A receiver that is notified when another history begins.
    pub fn watch(&self) -> watch::Receiver<()> {
        self.begun.subscribe()
    }

    /// While it is held, no other history begins.
    pub(super) fn hold(&self) -> MutexGuard<'_, ()> {
        self.heads.lock()
    }

    /// Ends all readers of the history before. `_held` shows that the heads have been moved.
    pub(super) fn begin(&self, epoch: &str, _held: &MutexGuard<'_, ()>) {
        *self.epoch.write() = epoch.into();
        self.number.fetch_add(1, Ordering::Release);
        self.begun.send_replace(());
    }
}

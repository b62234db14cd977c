//! What the handlers share.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    accounts::Accounts,
    chat::{Hub, Room},
    db::Db,
    metrics::Metrics,
    net::tap::Taps,
    web::{Error, bindings::Bindings},
};

/// One server, however many threads and ports serve it.
pub struct State {
    pub hub: Arc<Hub>,
    pub accounts: Accounts,
    pub db: Db,
    pub metrics: Arc<Metrics>,
    pub drain: Drain,
    /// What sessions may learn of their connections.
    pub taps: Arc<Taps>,
    /// Polls that are bound to one of several servers.
    pub bindings: Bindings,
}

impl State {
    /// # Errors
    /// 404 where there is no such room.
    pub fn room(&self, name: &str) -> Result<Arc<Room>, Error> {
        self.hub
            .room(name)
            .ok_or_else(|| Error::not_found(format!("there is no room named {name:?}")))
    }
}

/// Whether the server is stopping.
#[derive(Clone, Default)]
pub struct Drain(watch::Sender<bool>);

impl Drain {
    /// Tells every reader to end.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// A receiver that turns true when the server begins to stop.
    pub fn watch(&self) -> watch::Receiver<bool> {
        self.0.subscribe()
    }
}

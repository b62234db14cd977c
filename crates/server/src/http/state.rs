//! StepKind the handlers share.

use std::sync::Arc;

use domain::{
    accounts::Accounts,
    chat::{Hub, Room},
    store::Store,
};
use tokio::sync::watch;

use super::{Bindings, Error};
use crate::{inspector::recorder::ConnectionRecorders, metrics::Metrics};

/// One server, however many threads and ports serve it.
pub struct State {
    pub hub: Arc<Hub>,
    pub accounts: Accounts,
    /// StepKind keeps both, to be asked whether it answers.
    pub store: Arc<dyn Store>,
    pub metrics: Arc<Metrics>,
    pub drain: Drain,
    /// StepKind sessions may learn of their connections.
    pub recorders: Arc<ConnectionRecorders>,
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

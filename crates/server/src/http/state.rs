//! The state that all handlers share.

use std::{net::SocketAddr, sync::Arc};

use domain::{
    accounts::Accounts,
    chat::{Hub, Room},
    store::Store,
};
use tokio::sync::watch;

use super::{AllowedHosts, Bindings, Error, KnownBrowsers};
use crate::{
    class::Classes, connection::Wire, inspector::recorder::ConnectionRecorders, limits::Limits,
    metrics::Metrics,
};

/// The state of one server, shared by all its threads and ports.
pub struct State {
    pub hub: Arc<Hub>,
    pub accounts: Accounts,
    /// The database of both, for readiness checks.
    pub store: Arc<dyn Store>,
    pub metrics: Arc<Metrics>,
    pub drain: Drain,
    /// What the inspector shows to sessions.
    pub recorders: Arc<ConnectionRecorders>,
    /// Polls that are bound to one of several servers.
    pub bindings: Bindings,
    /// The phones that take part in rooms.
    pub classes: Classes,
    pub allowed_hosts: AllowedHosts,
    pub known_browsers: KnownBrowsers,
    pub limits: Limits,
    /// The address that alone serves the metrics, if there is one.
    pub metrics_address: Option<SocketAddr>,
}

impl State {
    /// Whether a connection is to the address that serves the metrics alone.
    pub fn is_for_metrics(&self, wire: &Wire) -> bool {
        let Some(only) = self.metrics_address else {
            return false;
        };
        let Some(here) = wire.local_address() else {
            return false;
        };
        here.port() == only.port()
            && (only.ip().is_unspecified() || here.ip().to_canonical() == only.ip().to_canonical())
    }

    /// A room, which another process may have created.
    ///
    /// # Errors
    /// 404 if there is no such room; 503 if the database cannot be asked.
    pub async fn room(&self, name: &str) -> Result<Arc<Room>, Error> {
        let room = match self.hub.room(name) {
            Some(room) => Some(room),
            None => self.hub.look_up(name).await?,
        };
        room.ok_or_else(|| Error::not_found(format!("there is no room named {name:?}")))
    }
}

/// Signals that the server is stopping.
#[derive(Clone, Default)]
pub struct Drain(watch::Sender<bool>);

impl Drain {
    /// Ends every reader.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// A receiver that becomes true when the server begins to stop.
    pub fn watch(&self) -> watch::Receiver<bool> {
        self.0.subscribe()
    }
}

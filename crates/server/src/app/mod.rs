//! Assembles the server: opens the database, binds the ports, runs and drains.

mod for_a_class;
mod http1;
mod network_paths;
mod request_body;
mod service;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use actix_server::{Server, ServerHandle};
use actix_web::{cookie::Key, web::Data};
use domain::{
    accounts::Accounts,
    chat::{self, Hub},
};
use netlab::{Link, listen};

use crate::{
    class::Classes,
    http::{
        AllowedHosts, Bindings, CookieKeySource, Drain, KnownBrowsers, State, load_cookie_key,
        parse_cookie_key,
    },
    limits::Limits,
    metrics::Metrics,
    pages::{Guests, ServerInfo},
    settings::Settings,
    storage::{self, Database},
};
use network_paths::NetworkPaths;

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 4_096;

/// Why the server could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Database(#[from] storage::OpenDatabaseError),
    #[error("cannot read the rooms: {0}")]
    Rooms(#[from] chat::OpenHubError),
    #[error(
        "cannot use the key file {file}: {reason}; remove it to create a new one, which signs out all users"
    )]
    Key { file: String, reason: io::Error },
    #[error(
        "cannot listen on {address}: {reason}; choose another with --bind, or port 0 for a free one"
    )]
    Bind {
        address: SocketAddr,
        reason: io::Error,
    },
    #[error("cannot start the server: {0}")]
    Server(#[from] io::Error),
}

/// A server whose ports are bound. It accepts connections once [`BoundServer::run`] is called.
pub struct BoundServer {
    /// The address on which it listens.
    pub address: SocketAddr,
    /// Its other network paths, which are closed with it.
    network_paths: NetworkPaths,
    server: Server,
    drain: Drain,
    database: Arc<dyn Database>,
}

/// Opens the database and binds all ports.
///
/// # Errors
/// What could not be opened or bound.
pub async fn start(settings: &Settings) -> Result<BoundServer, StartError> {
    let metrics = Arc::new(Metrics::new());
    let log_budget = i64::from(settings.rooms.log_memory) << 20;
    metrics.log_budget_bytes.set(log_budget);
    let database = storage::open(&settings.database, metrics.clone()).await?;
    let metrics_listener = settings.http.metrics_bind.map(bind).transpose()?;
    let metrics_address = metrics_listener.as_ref().map(TcpListener::local_addr);
    let key = cookie_key(settings, &*database).await?;
    let state = Data::new(State {
        hub: Hub::open(database.clone(), metrics.clone(), &settings.rooms).await?,
        accounts: Accounts::new(database.clone(), &settings.accounts),
        store: database.clone(),
        limits: Limits::new(&settings.limits, metrics.clone()),
        metrics_address: metrics_address.transpose()?,
        metrics,
        drain: Drain::default(),
        recorders: Arc::default(),
        bindings: Bindings::default(),
        classes: Classes::new(settings.limits.class_size),
        known_browsers: KnownBrowsers::new(key.clone()),
        allowed_hosts: AllowedHosts::new(&settings.http.allowed_hosts, settings.http.address()),
    });
    let listener = bind(settings.http.address())?;
    let address = listener.local_addr()?;
    let mut network_paths = NetworkPaths::open(settings, address)?;
    let server_info = ServerInfo {
        guests: Guests::new(settings.limits.guests.as_deref(), address),
        registration: settings.limits.registration.slug(),
        network_paths: network_paths.paths.clone(),
        network_address: for_a_class::network_address(address),
    };
    for_a_class::say(settings, server_info.guests, address);
    let mut listeners = vec![(None, listener)];
    let named = network_paths.named_listeners.drain(..);
    listeners.extend(named.map(|(name, listener)| (Some(name), listener)));
    listeners.extend(metrics_listener.map(|listener| (None, listener)));
    Ok(BoundServer {
        address,
        network_paths,
        drain: state.drain.clone(),
        database,
        server: service::serve(settings, listeners, state, server_info, key)?,
    })
}

impl BoundServer {
    /// The address behind the emulated link, if there is one.
    pub fn behind_link(&self) -> Option<SocketAddr> {
        self.network_paths.link.as_ref().map(Link::address)
    }

    /// Serves until `stop` resolves. Then ends every reader, and returns once they have ended.
    ///
    /// # Errors
    /// The server failed while it ran.
    pub async fn run(self, stop: impl Future<Output = ()>) -> io::Result<()> {
        let handle = self.server.handle();
        tokio::pin! { let server = self.server; }
        tokio::select! {
            ended = &mut server => return ended,
            () = stop => {}
        }
        let ended = tokio::join!(drain(handle, self.drain), server).1;
        let closing = tokio::task::spawn_blocking(move || self.database.close());
        // It waits for nobody but the disk; the process ends in either case.
        let _ = closing.await;
        ended
    }
}

async fn drain(handle: ServerHandle, drain: Drain) {
    tracing::info!("stopping: ending all readers");
    drain.begin();
    handle.stop(true).await;
}

async fn cookie_key(settings: &Settings, database: &dyn Database) -> Result<Key, StartError> {
    match settings.cookie_key() {
        CookieKeySource::Secret(secret) => Ok(secret.key()),
        CookieKeySource::Process => Ok(Key::generate()),
        CookieKeySource::File(file) => load_cookie_key(&file).map_err(|reason| StartError::Key {
            file: file.display().to_string(),
            reason,
        }),
        CookieKeySource::Database => {
            let kept = database.cookie_key().await;
            let kept = kept.map_err(|error| io::Error::other(error.to_string()))?;
            Ok(parse_cookie_key(&kept.unwrap_or_default())?)
        }
    }
}

fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    listen(address, BACKLOG).map_err(|reason| StartError::Bind { address, reason })
}

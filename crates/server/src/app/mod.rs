//! Puts the parts together: opens the database, binds, says where, runs, drains.

mod network_paths;
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
    http::{Drain, State, load_key as load},
    metrics::Metrics,
    pages::ServerInfo,
    settings::Settings,
    storage::{self, Db},
};
use network_paths::NetworkPaths;

/// Connections that the kernel completes before they are accepted.
const BACKLOG: i32 = 4_096;

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Database(#[from] storage::OpenDatabaseError),
    #[error("cannot read the rooms: {0}")]
    Rooms(#[from] chat::OpenHubError),
    #[error(
        "cannot use the key file {file}: {why}; remove it for a new one, which signs everybody out"
    )]
    Key { file: String, why: io::Error },
    #[error("cannot listen on {address}: {why}; choose another with --bind, port 0 for a free one")]
    Bind { address: SocketAddr, why: io::Error },
    #[error("cannot start the server: {0}")]
    Server(#[from] io::Error),
}

/// A server that is ready, and accepts connections once it is run.
pub struct Running {
    /// Where it is reached.
    pub address: SocketAddr,
    /// The other ways to it, which end with it.
    lines: NetworkPaths,
    server: Server,
    drain: Drain,
}

/// Opens everything and binds.
pub async fn start(settings: &Settings) -> Result<Running, StartError> {
    let metrics = Arc::new(Metrics::new());
    let db = Db::open(&settings.database, metrics.clone())?;
    let state = Data::new(State {
        hub: Hub::open(Arc::new(db.clone()), metrics.clone()).await?,
        accounts: Accounts::new(Arc::new(db.clone()), &settings.accounts),
        store: Arc::new(db),
        metrics,
        drain: Drain::default(),
        recorders: Arc::default(),
        bindings: Default::default(),
    });
    let key = load_key(settings)?;
    let listener = bind(settings.http.address())?;
    let address = listener.local_addr()?;
    let mut lines = NetworkPaths::open(settings, address)?;
    let server_info = ServerInfo {
        guests: address.ip().is_loopback(),
        lines: lines.told.clone(),
    };
    let mut listeners = vec![(None, listener)];
    let pair = lines.pair.drain(..);
    listeners.extend(pair.map(|(name, listener)| (Some(name), listener)));
    Ok(Running {
        address,
        lines,
        drain: state.drain.clone(),
        server: service::serve(settings, listeners, state, server_info, key)?,
    })
}

impl Running {
    /// Where it is reached behind the emulated link, if there is one.
    pub fn behind_link(&self) -> Option<SocketAddr> {
        self.lines.link.as_ref().map(Link::address)
    }

    /// Serves until `stop` is ready; then ends every reader, and returns when they have gone.
    pub async fn run(self, stop: impl Future<Output = ()>) -> io::Result<()> {
        let handle = self.server.handle();
        tokio::pin! { let server = self.server; }
        tokio::select! {
            ended = &mut server => return ended,
            () = stop => {}
        }
        tokio::join!(drain(handle, self.drain), server).1
    }
}

async fn drain(handle: ServerHandle, drain: Drain) {
    tracing::info!("stopping: readers are told to end");
    drain.begin();
    handle.stop(true).await;
}

fn load_key(settings: &Settings) -> Result<Key, StartError> {
    let file = settings.key_file();
    load(file.as_deref()).map_err(|why| StartError::Key {
        file: file.unwrap_or_default().display().to_string(),
        why,
    })
}

fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    listen(address, BACKLOG).map_err(|why| StartError::Bind { address, why })
}

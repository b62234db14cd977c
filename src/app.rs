//! Puts the parts together: opens the database, binds, says where, runs, drains.

use std::{
    future::ready,
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_http::{HttpService, KeepAlive, error::DispatchError};
use actix_server::{Server, ServerHandle};
use actix_service::{ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::{
    App,
    body::MessageBody,
    cookie::Key,
    dev::{AppConfig, ServiceRequest, ServiceResponse},
    middleware::{Logger, from_fn},
    rt::net::TcpStream,
    web::{self as actix, PayloadConfig},
};

use crate::{
    accounts::Accounts,
    chat::{self, Hub},
    config::Settings,
    db::{self, Db},
    metrics::Metrics,
    net::{Link, Metered, Patience, Route, Routes, listen},
    transport,
    web::{self, Drain, Reports, State},
    wire::MAX_BODY_BYTES,
};

/// Connections that the kernel completes before they are accepted.
const BACKLOG: i32 = 4_096;
/// How long a connection has to send its first request, and to close after the last.
const FIRST_REQUEST: Duration = Duration::from_secs(10);
const DISCONNECT: Duration = Duration::from_secs(2);
/// How long a slow reader has, once it is told so.
const SLOW_FAREWELL: Duration = Duration::from_secs(5);
/// Readers have this long to end when the server stops.
const DRAIN_SECONDS: u64 = 8;

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Database(#[from] db::OpenError),
    #[error("cannot read the rooms: {0}")]
    Rooms(#[from] chat::OpenError),
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
    /// The emulated link to it, if there is one.
    link: Option<Link>,
    server: Server,
    drain: Drain,
}

/// Opens everything and binds.
pub async fn start(settings: &Settings) -> Result<Running, StartError> {
    let metrics = Arc::new(Metrics::new());
    let db = Db::open(&settings.database, metrics.clone())?;
    let state = actix::Data::new(State {
        hub: Hub::open(Arc::new(db.clone()), metrics.clone()).await?,
        accounts: Accounts::new(Arc::new(db.clone()), &settings.accounts),
        db,
        metrics,
        drain: Drain::default(),
        taps: Arc::default(),
    });
    let key = load_key(settings)?;
    let listener = bind(settings.http.address())?;
    let address = listener.local_addr()?;
    let link = match settings.http.link {
        Some(delay) => Some(open_link(settings, address, delay)?),
        None => None,
    };
    Ok(Running {
        address,
        link,
        drain: state.drain.clone(),
        server: serve(settings, listener, state, key)?,
    })
}

impl Running {
    /// Where it is reached behind the emulated link, if there is one.
    pub fn behind_link(&self) -> Option<SocketAddr> {
        self.link.as_ref().map(Link::address)
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
    web::load_key(file.as_deref()).map_err(|why| StartError::Key {
        file: file.unwrap_or_default().display().to_string(),
        why,
    })
}

fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    listen(address, BACKLOG).map_err(|why| StartError::Bind { address, why })
}

/// The link goes to the next port, or to a free one where the first was.
fn open_link(settings: &Settings, server: SocketAddr, delay: Duration) -> Result<Link, StartError> {
    let mut address = server;
    match settings.http.address().port() {
        0 => address.set_port(0),
        port => address.set_port(port.wrapping_add(1)),
    }
    let mut inside = server;
    if inside.ip().is_unspecified() {
        inside.set_ip(match server {
            SocketAddr::V4(_) => [127, 0, 0, 1].into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    let failed = |why| StartError::Bind { address, why };
    let route = Route {
        delay,
        ..Route::default()
    };
    Link::open(address, inside, Routes::both(route)).map_err(failed)
}

/// The HTTP server. It is assembled by hand, not by `HttpServer`, for one reason: its connections
/// are [`Metered`].
fn serve(
    settings: &Settings,
    listener: TcpListener,
    state: actix::Data<State>,
    key: Key,
) -> io::Result<Server> {
    let streams = actix::Data::new(settings.streams.clone());
    let reports = Reports::in_folder(settings.http.reports.clone());
    let keep_alive = KeepAlive::Timeout(settings.http.keep_alive);
    let patience = Patience {
        slow: settings.http.slow_after,
        drop: SLOW_FAREWELL,
    };
    let server = Server::build()
        .workers(settings.http.workers())
        .shutdown_timeout(DRAIN_SECONDS)
        .disable_signals();
    let stopping = server.graceful_shutdown_signal();
    let server = server.listen("pushlab", listener, move || {
        let stopping = stopping.clone();
        let app = application(state.clone(), streams.clone(), reports.clone(), key.clone());
        let http = HttpService::build()
            .keep_alive(keep_alive)
            .client_request_timeout(FIRST_REQUEST)
            .client_disconnect_timeout(DISCONNECT)
            // A parked poll ends with its client, not with its patience.
            .h1_allow_half_closed(false)
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .on_connect_ext(|io: &Metered, data| {
                data.insert(io.meter().clone());
            })
            .h1(map_config(app, |()| AppConfig::default()));
        let (metrics, taps) = (state.metrics.clone(), state.taps.clone());
        fn_service(move |io: TcpStream| {
            let connection = Metered::new(io, patience, metrics.clone(), &taps, None);
            ready(connection.map(|io| {
                let peer = io.peer_addr();
                (io, peer)
            }))
        })
        .map_err(DispatchError::Io)
        .and_then(http)
    })?;
    Ok(server.run())
}

/// What answers requests, one of it on each thread.
fn application(
    state: actix::Data<State>,
    streams: actix::Data<transport::Settings>,
    reports: Reports,
    key: Key,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    App::new()
        .app_data(state.clone())
        .app_data(streams)
        .app_data(PayloadConfig::new(MAX_BODY_BYTES))
        .configure(move |config| routes(config, &state, reports, key))
        .wrap(from_fn(web::gate))
        .wrap(Logger::new("%s %r %Dms").log_level(log::Level::Debug))
}

fn routes(config: &mut actix::ServiceConfig, state: &State, reports: Reports, key: Key) {
    let ttl = state.accounts.sessions.ttl();
    config
        .service(
            actix::scope("/api")
                .configure(web::api)
                .configure(transport::configure)
                .default_service(actix::to(web::nothing_here))
                .wrap(web::cookies(key, ttl)),
        )
        .configure(web::health)
        .configure(|config| reports.configure(config))
        .configure(web::pages);
}

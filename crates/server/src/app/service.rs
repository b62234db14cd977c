//! The HTTP server, put together by hand, not by `HttpServer`, for one reason: its connections are
//! [`Metered`].

use std::{future::ready, io, net::TcpListener, time::Duration};

use actix_http::{HttpService, KeepAlive, error::DispatchError};
use actix_server::Server;
use actix_service::{ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::{
    App,
    body::MessageBody,
    cookie::Key,
    dev::{AppConfig, ServiceRequest, ServiceResponse},
    middleware::{Logger, from_fn},
    rt::net::TcpStream,
    web::{Data, PayloadConfig},
};
use protocol::MAX_BODY_BYTES;

use crate::{
    connection::{Metered, Patience},
    http::{State, gate},
    pages::{Reports, ServerInfo},
    routes,
    settings::Settings,
    transport,
};

/// How long a connection has to send its first request, and to close after the last.
const FIRST_REQUEST: Duration = Duration::from_secs(10);
const DISCONNECT: Duration = Duration::from_secs(2);
/// How long a slow reader has, once it is told so.
const SLOW_FAREWELL: Duration = Duration::from_secs(5);
/// Readers have this long to end when the server stops.
const DRAIN_SECONDS: u64 = 8;

/// StepKind one of the server's threads needs to answer requests.
#[derive(Clone)]
struct Parts {
    state: Data<State>,
    streams: Data<transport::Settings>,
    server_info: Data<ServerInfo>,
    reports: Data<Reports>,
    key: Key,
}

/// Serves on every listener; those with a name call themselves so.
pub fn serve(
    settings: &Settings,
    listeners: Vec<(Option<&'static str>, TcpListener)>,
    state: Data<State>,
    server_info: ServerInfo,
    key: Key,
) -> io::Result<Server> {
    let parts = Parts {
        state,
        streams: Data::new(settings.streams.clone()),
        server_info: Data::new(server_info),
        reports: Data::new(Reports::in_folder(settings.http.reports.clone())),
        key,
    };
    let mut server = Server::build()
        .workers(settings.http.workers())
        .shutdown_timeout(DRAIN_SECONDS)
        .disable_signals();
    for (name, listener) in listeners {
        server = listen(server, settings, (name, listener), parts.clone())?;
    }
    Ok(server.run())
}

fn listen(
    server: actix_server::ServerBuilder,
    settings: &Settings,
    (name, listener): (Option<&'static str>, TcpListener),
    parts: Parts,
) -> io::Result<actix_server::ServerBuilder> {
    let keep_alive = KeepAlive::Timeout(settings.http.keep_alive);
    let patience = Patience {
        slow: settings.http.slow_after,
        drop: SLOW_FAREWELL,
    };
    let stopping = server.graceful_shutdown_signal();
    server.listen(name.unwrap_or("pushlab"), listener, move || {
        let stopping = stopping.clone();
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
            .h1(map_config(application(parts.clone()), |()| {
                AppConfig::default()
            }));
        let (metrics, recorders) = (parts.state.metrics.clone(), parts.state.recorders.clone());
        fn_service(move |io: TcpStream| {
            let connection = Metered::new(io, patience, metrics.clone(), &recorders, name);
            ready(connection.map(|io| {
                let peer = io.peer_addr();
                (io, peer)
            }))
        })
        .map_err(DispatchError::Io)
        .and_then(http)
    })
}

/// StepKind answers requests, one of it on each thread.
fn application(
    parts: Parts,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let session_ttl = parts.state.accounts.sessions.ttl();
    App::new()
        .app_data(parts.state.clone())
        .app_data(parts.streams.clone())
        .app_data(parts.server_info.clone())
        .app_data(PayloadConfig::new(MAX_BODY_BYTES))
        .app_data(parts.reports.clone())
        .configure(|config| routes::configure(config, parts.key.clone(), session_ttl))
        .wrap(from_fn(gate))
        .wrap(Logger::new("%s %r %Dms").log_level(log::Level::Debug))
}

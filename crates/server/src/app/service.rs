//! Builds the HTTP server. It does not use actix's `HttpServer`, which has no way to make each
//! connection a [`MeteredStream`].

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
    connection::{MeteredStream, SlowPeerTimeouts},
    http::{State, check_request},
    pages::{Reports, ServerInfo},
    routes,
    settings::Settings,
    transport,
};

/// How long a client has to send its first request.
const FIRST_REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection has to close after its last response.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a reader has from being marked as slow until its connection is dropped.
const DROP_SLOW_AFTER: Duration = Duration::from_secs(5);
/// How long readers have to end when the server stops.
const DRAIN_SECONDS: u64 = 8;

/// What each thread of the server needs to handle requests.
#[derive(Clone)]
struct WorkerData {
    state: Data<State>,
    streams: Data<transport::StreamSettings>,
    server_info: Data<ServerInfo>,
    reports: Data<Reports>,
    key: Key,
}

/// Serves on every listener. A listener's name becomes the name of its server.
pub fn serve(
    settings: &Settings,
    listeners: Vec<(Option<&'static str>, TcpListener)>,
    state: Data<State>,
    server_info: ServerInfo,
    key: Key,
) -> io::Result<Server> {
    let data = WorkerData {
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
        server = listen(server, settings, (name, listener), data.clone())?;
    }
    Ok(server.run())
}

fn listen(
    server: actix_server::ServerBuilder,
    settings: &Settings,
    (name, listener): (Option<&'static str>, TcpListener),
    data: WorkerData,
) -> io::Result<actix_server::ServerBuilder> {
    let keep_alive = KeepAlive::Timeout(settings.http.keep_alive);
    let timeouts = SlowPeerTimeouts {
        slow_after: settings.http.slow_after,
        drop_after: DROP_SLOW_AFTER,
    };
    let stopping = server.graceful_shutdown_signal();
    server.listen(name.unwrap_or("pushlab"), listener, move || {
        let stopping = stopping.clone();
        let http = HttpService::build()
            .keep_alive(keep_alive)
            .client_request_timeout(FIRST_REQUEST_TIMEOUT)
            .client_disconnect_timeout(DISCONNECT_TIMEOUT)
            // Without this, a parked poll whose client is gone would wait until its timeout.
            .h1_allow_half_closed(false)
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .on_connect_ext(|io: &MeteredStream, data| {
                data.insert(io.meter().clone());
            })
            .h1(map_config(application(data.clone()), |()| {
                AppConfig::default()
            }));
        let (metrics, recorders) = (data.state.metrics.clone(), data.state.recorders.clone());
        fn_service(move |io: TcpStream| {
            let connection = MeteredStream::new(io, timeouts, metrics.clone(), &recorders, name);
            ready(connection.map(|io| {
                let peer = io.peer_addr();
                (io, peer)
            }))
        })
        .map_err(DispatchError::Io)
        .and_then(http)
    })
}

/// The application, of which each thread has one.
fn application(
    data: WorkerData,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let session_ttl = data.state.accounts.sessions.ttl();
    App::new()
        .app_data(data.state.clone())
        .app_data(data.streams.clone())
        .app_data(data.server_info.clone())
        .app_data(PayloadConfig::new(MAX_BODY_BYTES))
        .app_data(data.reports.clone())
        .configure(|config| routes::configure(config, data.key.clone(), session_ttl))
        .wrap(from_fn(check_request))
        .wrap(Logger::new("%s %r %Dms").log_level(log::Level::Debug))
}

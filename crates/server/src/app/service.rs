//! Builds the HTTP server. Connections are served by [`http1::serve`]; the application answers
//! requests.

use std::{io, net::TcpListener, rc::Rc, time::Duration};

use actix_http::{KeepAlive, ServiceConfigBuilder};
use actix_server::Server;
use actix_service::{ServiceFactory, fn_factory, fn_service, map_config};
use actix_web::{
    App,
    body::MessageBody,
    cookie::Key,
    dev::{AppConfig, ServiceRequest, ServiceResponse},
    middleware::from_fn,
    rt::net::TcpStream,
    web::{Data, PayloadConfig},
};
use protocol::MAX_BODY_BYTES;

use super::http1;
use crate::{
    connection::{SlowPeerTimeouts, Wire, keep_alarms},
    http::{KnownCookies, State, finish_cookies, no_sniffing},
    pages::{Pages, Reports, ServerInfo},
    routes,
    settings::Settings,
    transport,
};

/// How long a reader has from being marked as slow until its connection is dropped.
const DROP_SLOW_AFTER: Duration = Duration::from_secs(5);

/// What each thread of the server needs to handle requests.
#[derive(Clone)]
struct WorkerData {
    state: Data<State>,
    streams: Data<transport::StreamSettings>,
    server_info: Data<ServerInfo>,
    pages: Data<Pages>,
    reports: Data<Reports>,
    key: Key,
    keep_alive: Duration,
    timeouts: SlowPeerTimeouts,
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
        pages: Data::new(Pages::new(settings.http.static_folder.clone())),
        // In a folder without a name there is nothing.
        reports: Data::new(Reports::in_folder(
            settings.http.reports().unwrap_or_default(),
        )),
        key,
        keep_alive: settings.http.keep_alive,
        timeouts: SlowPeerTimeouts {
            slow_after: settings.http.slow_after,
            drop_after: DROP_SLOW_AFTER,
        },
    };
    let mut server = Server::build()
        .workers(settings.http.workers())
        // The limits count them; here they would wait without being told.
        .max_concurrent_connections(usize::MAX)
        .shutdown_timeout(settings.http.drain.as_secs_f64().ceil() as u64)
        .disable_signals();
    for (name, listener) in listeners {
        server = listen(server, name, listener, data.clone())?;
    }
    Ok(server.run())
}

fn listen(
    server: actix_server::ServerBuilder,
    name: Option<&'static str>,
    listener: TcpListener,
    data: WorkerData,
) -> io::Result<actix_server::ServerBuilder> {
    server.listen(name.unwrap_or("pushlab"), listener, move || {
        let data = data.clone();
        // Called on each thread.
        fn_factory(move || {
            let data = data.clone();
            async move {
                let state = &data.state;
                let histories = state.hub.history().watch();
                keep_alarms(
                    state.accounts.sessions.ends(),
                    histories,
                    state.drain.watch(),
                );
                let known_cookies = Rc::<KnownCookies>::default();
                let app = application(data.clone()).app_data(known_cookies.clone());
                let app = map_config(app, |()| AppConfig::default());
                let shared = Rc::new(http1::Shared {
                    app: app.new_service(()).await?,
                    config: ServiceConfigBuilder::new()
                        .keep_alive(KeepAlive::Timeout(data.keep_alive))
                        .build(),
                    keep_alive: data.keep_alive,
                    state: data.state.clone(),
                    known_cookies,
                });
                Ok::<_, ()>(fn_service(move |io: TcpStream| {
                    let (metrics, recorders) = (data.state.metrics.clone(), &data.state.recorders);
                    let admission = data.state.limits.connect(io.peer_addr().ok());
                    let wire = Wire::new(io, data.timeouts, metrics, recorders, name);
                    let shared = shared.clone();
                    async move {
                        match admission {
                            Ok(_counted) => http1::serve(wire?, shared).await,
                            Err(refusal) => Box::pin(http1::refuse(wire?, shared, refusal)).await,
                        }
                        Ok::<(), io::Error>(())
                    }
                }))
            }
        })
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
        .app_data(data.pages.clone())
        .app_data(data.reports.clone())
        .configure(|config| routes::configure(config, data.key.clone(), session_ttl))
        .wrap(from_fn(finish_cookies))
        .wrap(from_fn(no_sniffing))
}

//! All paths of the server.

use actix_web::{
    cookie::Key,
    dev::Service,
    http::Method,
    web::{self, ServiceConfig},
};

use crate::{
    api::{self, accounts, bindings, guests, health, posting, presence, rooms, sessions},
    http::{cookies, endpoint},
    inspector::{connections, exchanges},
    pages::{self, files, reports, server_info, transports},
    transport::{self, poll, sse, websocket},
};

/// Adds all paths. Cookies are signed with `key` and last for `session_ttl`.
pub fn configure(config: &mut ServiceConfig, key: Key, session_ttl: std::time::Duration) {
    config
        .service(
            web::scope("/api")
                .configure(api_routes)
                .configure(transport_routes)
                .default_service(web::to(api::not_found))
                .wrap(cookies(key, session_ttl)),
        )
        .configure(operator_routes)
        .configure(page_routes)
        .default_service(web::to(pages::not_found));
}

fn api_routes(config: &mut ServiceConfig) {
    let endpoints = [
        endpoint("/accounts").on(Method::POST, accounts::create),
        endpoint("/guests").on(Method::POST, guests::create),
        endpoint("/sessions")
            .get_and_head(sessions::list)
            .on(Method::POST, sessions::sign_in)
            .on(Method::DELETE, sessions::sign_out),
        endpoint("/rooms")
            .get_and_head(rooms::list)
            .on(Method::POST, rooms::create),
        endpoint("/rooms/{room}/presence").get_and_head(presence::show),
        endpoint("/rooms/{room}/typing").on(Method::POST, presence::typing),
        endpoint("/bindings").on(Method::POST, bindings::begin),
        endpoint("/connections")
            .get_and_head(connections::list)
            .on(Method::DELETE, connections::shut_down),
        endpoint("/exchanges").get_and_head(exchanges::show),
    ];
    for endpoint in endpoints {
        config.service(endpoint.service());
    }
}

/// The transports. Both kinds of poll, history and posting share a path.
fn transport_routes(config: &mut ServiceConfig) {
    let messages = endpoint("/rooms/{room}/messages")
        .on(Method::GET, poll::poll)
        .on(Method::POST, posting::post);
    config
        .service(messages.service().wrap_fn(|mut request, service| {
            transport::drop_request_headers(&mut request);
            service.call(request)
        }))
        .service(
            endpoint("/rooms/{room}/events")
                .on(Method::GET, sse::stream)
                .service(),
        )
        .service(
            endpoint("/rooms/{room}/ws")
                .on(Method::GET, websocket::open)
                .service(),
        );
}

fn operator_routes(config: &mut ServiceConfig) {
    for endpoint in [
        endpoint("/healthz").get_and_head(health::alive),
        endpoint("/readyz").get_and_head(health::ready),
        endpoint("/metrics").get_and_head(health::metrics),
    ] {
        config.service(endpoint.service());
    }
}

fn page_routes(config: &mut ServiceConfig) {
    for endpoint in [
        endpoint("/").get_and_head(files::front),
        endpoint("/rooms/{room}").get_and_head(files::chat),
        endpoint("/race").get_and_head(files::race),
        endpoint("/static/{path:.*}").get_and_head(files::file),
        endpoint("/transports.json").get_and_head(transports::show),
        endpoint("/server.json").get_and_head(server_info::show),
        endpoint("/reports").get_and_head(reports::with_slash),
        endpoint("/reports/").get_and_head(reports::list),
        endpoint("/reports/{name}").get_and_head(reports::with_slash),
        endpoint("/reports/{name}/").get_and_head(reports::index),
        endpoint("/reports/{name}/{file}").get_and_head(reports::file),
    ] {
        config.service(endpoint.service());
    }
}

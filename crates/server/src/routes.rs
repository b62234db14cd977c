//! Every address there is.

use actix_web::{
    cookie::Key,
    dev::Service,
    http::Method,
    web::{self, ServiceConfig},
};

use crate::{
    api::{self, accounts, bindings, guests, health, posting, presence, rooms, sessions},
    http::{call, cookies},
    inspector::{connections, exchanges},
    pages::{self, files, reports, server_info, transports},
    transport::{self, poll, sse, websocket},
};

/// Adds all of them. Cookies are signed with `key` and last for `session_ttl`.
pub fn configure(config: &mut ServiceConfig, key: Key, session_ttl: std::time::Duration) {
    config
        .service(
            web::scope("/api")
                .configure(accounts_and_rooms)
                .configure(ways_to_read)
                .default_service(web::to(api::nothing_here))
                .wrap(cookies(key, session_ttl)),
        )
        .configure(for_who_runs_it)
        .configure(for_people)
        .default_service(web::to(pages::nothing_here));
}

fn accounts_and_rooms(config: &mut ServiceConfig) {
    let calls = [
        call("/accounts").on(Method::POST, accounts::create),
        call("/guests").on(Method::POST, guests::create),
        call("/sessions")
            .read(sessions::list)
            .on(Method::POST, sessions::sign_in)
            .on(Method::DELETE, sessions::sign_out),
        call("/rooms")
            .read(rooms::list)
            .on(Method::POST, rooms::create),
        call("/rooms/{room}/presence").read(presence::show),
        call("/rooms/{room}/typing").on(Method::POST, presence::typing),
        call("/bindings").on(Method::POST, bindings::begin),
        call("/connections")
            .read(connections::list)
            .on(Method::DELETE, connections::cut),
        call("/exchanges").read(exchanges::show),
    ];
    for call in calls {
        config.service(call.service());
    }
}

/// The transports. Both kinds of poll, history, and posting share an address.
fn ways_to_read(config: &mut ServiceConfig) {
    let messages = call("/rooms/{room}/messages")
        .on(Method::GET, poll::answer)
        .on(Method::POST, posting::post);
    config
        .service(messages.service().wrap_fn(|mut request, service| {
            transport::drop_request_headers(&mut request);
            service.call(request)
        }))
        .service(
            call("/rooms/{room}/events")
                .on(Method::GET, sse::stream)
                .service(),
        )
        .service(
            call("/rooms/{room}/ws")
                .on(Method::GET, websocket::open)
                .service(),
        );
}

fn for_who_runs_it(config: &mut ServiceConfig) {
    for call in [
        call("/healthz").read(health::alive),
        call("/readyz").read(health::ready),
        call("/metrics").read(health::metrics),
    ] {
        config.service(call.service());
    }
}

fn for_people(config: &mut ServiceConfig) {
    for call in [
        call("/").read(files::front),
        call("/rooms/{room}").read(files::chat),
        call("/race").read(files::race),
        call("/static/{path:.*}").read(files::file),
        call("/transports.json").read(transports::show),
        call("/server.json").read(server_info::tell),
        call("/reports").read(reports::with_slash),
        call("/reports/").read(reports::list),
        call("/reports/{name}").read(reports::with_slash),
        call("/reports/{name}/").read(reports::index),
        call("/reports/{name}/{file}").read(reports::file),
    ] {
        config.service(call.service());
    }
}

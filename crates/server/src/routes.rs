//! All paths of the server.

use std::time::Duration;

use actix_web::{
    cookie::Key,
    http::Method,
    web::{self, ServiceConfig},
};

use crate::{
    api::{
        self, accounts, bindings, class, guests, health, posting, presence, rooms, sessions, start,
    },
    http::{Endpoint, cookies, endpoint},
    inspector::{connections, exchanges},
    pages::{self, documents, files, reports, server_info, transports},
    transport::{poll, sse, websocket},
};

/// Adds all paths. Cookies are signed with `key` and last for `session_ttl`.
pub fn configure(config: &mut ServiceConfig, key: Key, session_ttl: Duration) {
    let mut api = web::scope("/api")
        .service(messages().service())
        .default_service(web::to(api::not_found));
    for endpoint in streams().into_iter().chain(api_endpoints()) {
        api = api.service(endpoint.service());
    }
    config.service(api.wrap(cookies(key, session_ttl)));
    for endpoint in operator_endpoints().into_iter().chain(pages()) {
        config.service(endpoint.service());
    }
    config.default_service(web::to(pages::not_found));
}

/// Both kinds of poll, history and posting share a path.
fn messages() -> Endpoint {
    endpoint("/rooms/{room}/messages")
        .get_and_head(poll::get)
        .on(Method::POST, posting::post)
}

fn streams() -> Vec<Endpoint> {
    vec![
        endpoint("/rooms/{room}/events").on(Method::GET, sse::stream),
        endpoint("/rooms/{room}/ws").on(Method::GET, websocket::open),
    ]
}

fn api_endpoints() -> Vec<Endpoint> {
    vec![
        endpoint("/accounts").on(Method::POST, accounts::create),
        endpoint("/guests")
            .on(Method::POST, guests::create)
            .on(Method::PUT, guests::keep),
        endpoint("/sessions")
            .get_and_head(sessions::list)
            .on(Method::POST, sessions::sign_in)
            .on(Method::DELETE, sessions::sign_out),
        endpoint("/start").get_and_head(start::show),
        endpoint("/rooms")
            .get_and_head(rooms::list)
            .on(Method::POST, rooms::create),
        endpoint("/rooms/{room}/presence").get_and_head(presence::show),
        endpoint("/rooms/{room}/typing").on(Method::POST, presence::typing),
        endpoint("/rooms/{room}/class")
            .get_and_head(class::show)
            .on(Method::PUT, class::tell),
        endpoint("/bindings").on(Method::POST, bindings::begin),
        endpoint("/connections")
            .get_and_head(connections::list)
            .on(Method::DELETE, connections::shut_down),
        endpoint("/exchanges").get_and_head(exchanges::show),
        endpoint("/openapi.json").get_and_head(api::describe),
    ]
}

fn operator_endpoints() -> Vec<Endpoint> {
    vec![
        endpoint("/healthz").get_and_head(health::alive),
        endpoint("/readyz").get_and_head(health::ready),
        endpoint("/metrics").get_and_head(health::metrics),
    ]
}

fn pages() -> Vec<Endpoint> {
    vec![
        endpoint("/").get_and_head(files::front),
        endpoint("/rooms/{room}").get_and_head(files::chat),
        endpoint("/race").get_and_head(files::race),
        endpoint("/line").get_and_head(files::line),
        endpoint("/class").get_and_head(files::class),
        endpoint("/teaching").get_and_head(documents::teaching),
        endpoint("/teaching/{document}").get_and_head(documents::beside_it),
        endpoint("/favicon.ico").get_and_head(files::icon),
        endpoint("/assets/{file}").get_and_head(files::asset),
        endpoint("/static/{path:.*}").get_and_head(files::file),
        endpoint("/transports.json").get_and_head(transports::show),
        endpoint("/server.json").get_and_head(server_info::show),
        endpoint("/reports").get_and_head(reports::with_slash),
        endpoint("/reports/").get_and_head(reports::list),
        endpoint("/reports/{name}").get_and_head(reports::with_slash),
        endpoint("/reports/{name}/").get_and_head(reports::index),
        endpoint("/reports/{name}/{file}").get_and_head(reports::file),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERFACE: &str = include_str!("../../../docs/API.md");

    /// Pages and reports are for browsers.
    #[test]
    fn what_scripts_use_is_described() {
        let description: serde_json::Value = serde_json::from_str(api::OPENAPI).unwrap();
        let api = api_endpoints().into_iter().chain(streams());
        let api = api.chain([messages()]).map(|endpoint| ("/api", endpoint));
        let operator = operator_endpoints().into_iter();
        let mut described = 0;
        for (prefix, endpoint) in api.chain(operator.map(|endpoint| ("", endpoint))) {
            let path = &description["paths"][format!("{prefix}{}", endpoint.path)];
            for method in &endpoint.methods {
                let name = method.as_str().to_ascii_lowercase();
                let is_described = *method == Method::HEAD || path[&name].is_object();
                assert!(is_described, "{method} {}", endpoint.path);
            }
            described += 1;
        }
        assert_eq!(description["paths"].as_object().unwrap().len(), described);
    }

    #[test]
    fn every_path_and_method_is_documented() {
        let api = api_endpoints().into_iter().chain(streams());
        let api = api.chain([messages()]).map(|endpoint| ("/api", endpoint));
        let others = operator_endpoints().into_iter().chain(pages());
        let others = others.map(|endpoint| ("", endpoint));
        for (prefix, endpoint) in api.chain(others) {
            let path = endpoint.path.replace(":.*", "");
            for method in endpoint
                .methods
                .iter()
                .filter(|method| **method != Method::HEAD)
            {
                let entry = format!("`{method} {prefix}{path}`");
                assert!(INTERFACE.contains(&entry), "docs/API.md lacks {entry}");
            }
        }
    }
}

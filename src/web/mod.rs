//! HTTP: who asks, what is refused, and every call that is not a transport.

mod accounts;
pub mod answer;
mod bindings;
mod body;
mod connections;
mod error;
mod exchanges;
mod gate;
mod guests;
mod health;
mod identity;
mod key;
mod pages;
mod params;
mod posting;
mod presence;
mod reach;
mod reports;
mod rooms;
mod sessions;
mod state;

pub use error::Error;
pub use gate::gate;
pub use health::configure as health;
pub use identity::{Caller, cookies};
pub use key::load as load_key;
pub use params::{Params, find};
pub use posting::{draft, history, post, receipt};
pub use reach::{Line, Reach};
pub use reports::Reports;
pub use state::{Drain, State};

use actix_web::{HttpResponse, Resource, Route, guard, http::Method, web};

/// The calls under `/api` that are no transport's.
pub fn api(config: &mut web::ServiceConfig) {
    accounts::configure(config);
    sessions::configure(config);
    rooms::configure(config);
    presence::configure(config);
    connections::configure(config);
    exchanges::configure(config);
    guests::configure(config);
    bindings::configure(config);
}

/// The pages, and what they are told about the server.
pub fn pages(config: &mut web::ServiceConfig) {
    reach::configure(config);
    pages::configure(config);
}

/// A route for reading: GET, and HEAD, which is GET without the body.
fn reading() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// A resource that can be read and nothing else.
fn read_only(path: &str, route: Route) -> Resource {
    web::resource(path)
        .route(route)
        .default_service(only(&[Method::GET, Method::HEAD]))
}

/// What answers a path that exists when it is asked with a method that it does not know.
pub fn only(methods: &'static [Method]) -> Route {
    web::to(move || async move { Err::<HttpResponse, _>(Error::method_not_allowed(methods)) })
}

/// What answers any other path under `/api`, to those who are signed in.
pub async fn nothing_here(_: Caller) -> Result<HttpResponse, Error> {
    Err(Error::not_found("there is nothing at this address"))
}

//! For whoever runs the server: is it alive, is it ready, what does it count.

use actix_web::{
    HttpResponse,
    http::{Method, header},
    web,
};

use super::{Error, State, only, reading};

pub fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/healthz", reading().to(alive))
        .route("/readyz", reading().to(ready))
        .route("/metrics", reading().to(metrics));
    for path in ["/healthz", "/readyz", "/metrics"] {
        config.route(path, only(&[Method::GET, Method::HEAD]));
    }
}

async fn alive() -> &'static str {
    "alive\n"
}

async fn ready(state: web::Data<State>) -> Result<&'static str, Error> {
    if *state.drain.watch().borrow() {
        return Err(Error::unavailable("the server is stopping"));
    }
    state
        .db
        .ping()
        .await
        .map_err(|error| Error::unavailable(error.to_string()))?;
    Ok("ready\n")
}

async fn metrics(state: web::Data<State>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4"))
        .body(state.metrics.render())
}

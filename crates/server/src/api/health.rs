//! Liveness, readiness and metrics, for the operator of the server.

use actix_web::{HttpResponse, http::header, web};

use crate::http::{Connected, Error, State};

/// `GET /healthz`.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// `GET /readyz`.
pub async fn ready(state: web::Data<State>) -> Result<&'static str, Error> {
    if state.drain.has_begun() {
        return Err(Error::unavailable("the server is stopping"));
    }
    if !state.hub.is_writing() {
        return Err(Error::unavailable(
            "the server can no longer store messages: restart it",
        ));
    }
    state
        .store
        .ping()
        .await
        .map_err(|error| Error::unavailable(error.to_string()))?;
    Ok("ready\n")
}

/// `GET /metrics`.
pub async fn metrics(
    state: web::Data<State>,
    Connected(wire): Connected,
) -> Result<HttpResponse, Error> {
    // Here and not before the routes, which also take other spellings of the path for this one.
    if state.metrics_address.is_some() && !state.is_for_metrics(&wire) {
        let why = "the metrics are served on another address";
        return Err(Error::not_found(why));
    }
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4"))
        .body(state.metrics.render()))
}

//! For whoever runs the server: is it alive, is it ready, what does it count.

use actix_web::{HttpResponse, http::header, web};

use crate::http::{Error, State};

pub async fn alive() -> &'static str {
    "alive\n"
}

pub async fn ready(state: web::Data<State>) -> Result<&'static str, Error> {
    if *state.drain.watch().borrow() {
        return Err(Error::unavailable("the server is stopping"));
    }
    if !state.hub.is_writing() {
        return Err(Error::unavailable(
            "messages are not stored any more: restart the server",
        ));
    }
    state
        .store
        .ping()
        .await
        .map_err(|error| Error::unavailable(error.to_string()))?;
    Ok("ready\n")
}

pub async fn metrics(state: web::Data<State>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4"))
        .body(state.metrics.render())
}

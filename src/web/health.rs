//! For whoever runs the server: is it alive, is it ready, what does it count.

use actix_web::{HttpResponse, http::header, web};

use super::{Error, State, read_only, reading};

pub fn configure(config: &mut web::ServiceConfig) {
    let read = [
        ("/healthz", reading().to(alive)),
        ("/readyz", reading().to(ready)),
        ("/metrics", reading().to(metrics)),
    ];
    for (path, route) in read {
        config.service(read_only(path, route));
    }
}

async fn alive() -> &'static str {
    "alive\n"
}

async fn ready(state: web::Data<State>) -> Result<&'static str, Error> {
    if *state.drain.watch().borrow() {
        return Err(Error::unavailable("the server is stopping"));
    }
    if !state.hub.is_writing() {
        return Err(Error::unavailable(
            "messages are not stored any more: restart the server",
        ));
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

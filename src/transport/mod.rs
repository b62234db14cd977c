//! Four ways for a room's messages to leave the building, one file each.
//!
//! All are a [`Reader`] with something around it: a short poll asks it once, a long poll waits for
//! it once, an event stream and a WebSocket wait for it in a loop.

mod long_poll;
mod reader;
mod short_poll;
mod sse;
mod websocket;

use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse,
    dev::{Service, ServiceRequest},
    http::{Method, StatusCode, header::HeaderMap},
    web,
};

pub use reader::Reader;

use crate::{
    metrics::Ended,
    web::{Caller, Error, Params, State, answer, find, history, only},
    wire::{Packed, PackedPresence, encode_answer},
};

/// How late a poll may be before its client counts as gone.
const GRACE: Duration = Duration::from_secs(10);
/// The longest pause between polls that presence allows for, in seconds.
const LONGEST_INTERVAL: f64 = 3_600.0;

/// How streams and sockets are kept alive.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Streams")]
#[group(skip)]
pub struct Settings {
    /// How often an idle event stream gets a comment, and a WebSocket a ping
    #[arg(long, env = "PUSHLAB_HEARTBEAT", value_name = "DURATION", default_value = "15s",
          value_parser = crate::duration::parse)]
    pub heartbeat: Duration,
    /// How long a WebSocket client may be silent, not even answering pings
    #[arg(long, env = "PUSHLAB_SILENCE", value_name = "DURATION", default_value = "40s",
          value_parser = crate::duration::parse)]
    pub silence: Duration,
}

/// Adds the routes of every transport.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/rooms/{room}/messages")
                .route(web::get().to(poll))
                .route(web::post().to(crate::web::post))
                .default_service(only(&[Method::GET, Method::POST]))
                .wrap_fn(|mut request, service| {
                    travel_light(&mut request);
                    service.call(request)
                }),
        )
        .service(
            web::resource("/rooms/{room}/events")
                .route(web::get().to(sse::stream))
                .default_service(only(&[Method::GET])),
        )
        .service(
            web::resource("/rooms/{room}/ws")
                .route(web::get().to(websocket::open))
                .default_service(only(&[Method::GET])),
        );
}

/// A parked poll keeps its request as long as it waits, and by now nobody reads its headers any
/// more: they would be nearly a quarter of what it costs.
fn travel_light(request: &mut ServiceRequest) {
    let parks = find(request.query_string(), "wait").is_some();
    if parks && request.method() == Method::GET {
        *request.headers_mut() = HeaderMap::new();
    }
}

/// `GET …/messages`: history with `before`, a long poll with `wait`, else a short one.
async fn poll(
    request: HttpRequest,
    caller: Caller,
    room: web::Path<String>,
    params: Params,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let room = state.room(&room)?;
    state.bindings.check(&request, &params)?;
    let limit = params.number("limit", 1..=500)?.unwrap_or(100);
    let before = params.seq("before")?;
    let wait = params.seconds("wait", 1.0..=60.0)?;
    let interval = params.seconds("interval", 0.0..=LONGEST_INTERVAL)?;
    let linger = interval.unwrap_or_default() + GRACE;
    match (before, wait) {
        (Some(_), _) if wait.is_some() || params.text("after").is_some() => Err(Error::invalid(
            "before",
            "asks for history, so it goes with neither after nor wait",
        )),
        (Some(before), _) => history(&room, before, limit).await,
        (None, Some(wait)) => {
            long_poll::answer(request, caller, room, params, wait, limit, linger).await
        }
        (None, None) => short_poll::answer(request, caller, room, params, limit, linger).await,
    }
}

/// The answer to a poll: 204 where there is nothing to tell.
fn answered(
    reader: &mut Reader,
    messages: &[Packed],
    presence: Option<&PackedPresence>,
) -> HttpResponse {
    reader.delivered(messages.len());
    if messages.is_empty() && presence.is_none() && !reader.tells_head() {
        return empty(reader, Ended::Empty);
    }
    reader.end(Ended::Answered);
    let body = encode_answer(messages, reader.head(), presence);
    answer::encoded(StatusCode::OK, body)
}

fn empty(reader: &mut Reader, reason: Ended) -> HttpResponse {
    reader.end(reason);
    answer::nothing()
}

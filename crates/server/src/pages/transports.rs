//! The identity of each transport, for the pages to show.

use actix_web::{HttpResponse, http::header};
use protocol::{Marker, Transport};
use serde::Serialize;

#[derive(Serialize)]
struct Identity {
    slug: &'static str,
    name: &'static str,
    colour: &'static str,
    marker: Marker,
}

pub async fn show() -> HttpResponse {
    let identity = |transport: Transport| Identity {
        slug: transport.slug(),
        name: transport.name(),
        colour: transport.colour(),
        marker: transport.marker(),
    };
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .json(Transport::ALL.map(identity))
}

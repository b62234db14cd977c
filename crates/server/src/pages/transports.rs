//! The names, colours and markers of the transports for the pages: `/transports.json`.

use actix_web::{HttpResponse, http::header};
use protocol::{Marker, Transport};
use serde::Serialize;

#[derive(Serialize)]
struct TransportView {
    slug: &'static str,
    name: &'static str,
    colour: &'static str,
    marker: Marker,
}

/// `GET /transports.json`.
pub async fn show() -> HttpResponse {
    let view = |transport: Transport| TransportView {
        slug: transport.slug(),
        name: transport.name(),
        colour: transport.colour(),
        marker: transport.marker(),
    };
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .json(Transport::ALL.map(view))
}

//! The names, colours and markers of the transports for the pages: `/transports.json`.

use actix_web::{HttpResponse, http::header};
use protocol::{Marker, Transport};
use serde::Serialize;

/// A transport as pages know it.
#[derive(Serialize)]
pub struct TransportView {
    slug: &'static str,
    name: &'static str,
    colour: &'static str,
    marker: Marker,
}

impl TransportView {
    pub fn all() -> Vec<Self> {
        let view = |transport: Transport| TransportView {
            slug: transport.slug(),
            name: transport.name(),
            colour: transport.colour(),
            marker: transport.marker(),
        };
        Transport::ALL.map(view).into()
    }
}

/// `GET /transports.json`.
pub async fn show() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .json(TransportView::all())
}

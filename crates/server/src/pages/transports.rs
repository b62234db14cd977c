//! The identity of each transport, for the pages to show.

use actix_web::{HttpResponse, http::header};
use protocol::Transport;
use serde_json::json;

pub async fn show() -> HttpResponse {
    let identity = |transport: Transport| {
        json!({
            "slug": transport.slug(), "name": transport.name(),
            "colour": transport.colour(), "marker": transport.marker(),
        })
    };
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .json(Transport::ALL.map(identity))
}

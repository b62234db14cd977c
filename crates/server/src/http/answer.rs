//! Answers that nobody on the way may keep: the next one would be another.

use actix_web::{HttpResponse, http::StatusCode, http::header, web::Bytes};
use serde::Serialize;

/// JSON that is encoded already.
pub fn encoded(status: StatusCode, json: impl Into<Bytes>) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header(header::ContentType::json())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(json.into())
}

/// A value as JSON.
pub fn json(status: StatusCode, value: &impl Serialize) -> HttpResponse {
    let json = serde_json::to_vec(value).expect("strings and numbers always encode");
    encoded(status, json)
}

/// 204: there is nothing to tell.
pub fn nothing() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

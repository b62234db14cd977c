//! JSON responses that no cache may store.

use actix_web::{
    HttpResponse,
    body::MessageBody,
    http::{StatusCode, header},
};
use serde::Serialize;

/// A response with JSON that is already encoded.
pub fn encoded(status: StatusCode, json: impl MessageBody + 'static) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header(header::ContentType::json())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(json)
}

/// A response with a value as JSON.
pub fn json(status: StatusCode, value: &impl Serialize) -> HttpResponse {
    let json = serde_json::to_vec(value).expect("strings and numbers always encode");
    encoded(status, json)
}

/// A 204 response.
pub fn no_content() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

//! The handlers under `/api` that are not transports.

pub mod accounts;
pub mod bindings;
pub mod class;
pub mod guests;
pub mod health;
pub mod posting;
pub mod presence;
pub mod rooms;
pub mod sessions;
pub mod start;

use actix_web::{HttpResponse, http::StatusCode, web::Bytes};

use crate::http::{Caller, Error, response};

/// The interface in OpenAPI. It is JSON, which is YAML.
pub const OPENAPI: &str = include_str!("../../../../docs/openapi.yaml");

/// `GET /api/openapi.json`.
pub async fn describe() -> HttpResponse {
    response::encoded(StatusCode::OK, Bytes::from_static(OPENAPI.as_bytes()))
}

/// Responds 404 to any other path under `/api`; without a session, 401.
pub async fn not_found(_: Caller) -> Result<HttpResponse, Error> {
    Err(Error::not_found("there is nothing at this address"))
}

//! Creates sessions for polls that are bound to one server.

use actix_web::{HttpResponse, http::StatusCode, web};

use crate::http::{Caller, Connected, State, response};

/// `POST /api/bindings`.
pub async fn begin(_: Caller, Connected(wire): Connected, state: web::Data<State>) -> HttpResponse {
    let binding = state.bindings.begin(wire.meter().server_name());
    response::json(StatusCode::CREATED, &binding)
}

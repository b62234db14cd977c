//! The presence document as one response, and the report that an account is typing.

use actix_web::{HttpResponse, http::StatusCode, web};

use crate::http::{Caller, Error, State, response};

/// `GET /api/rooms/{room}/presence`.
pub async fn show(
    _: Caller,
    room: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let document = state.room(&room).await?.roster.document();
    Ok(response::encoded(StatusCode::OK, document.json().clone()))
}

/// `POST /api/rooms/{room}/typing`.
pub async fn typing(
    caller: Caller,
    room: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let room = state.room(&room).await?;
    room.roster.typing(caller.session.account.username.as_str());
    Ok(response::no_content())
}

//! Who is here, asked once; and saying that one is typing.

use actix_web::{HttpResponse, http::StatusCode, web};

use crate::http::{Caller, Error, State, answer};

pub async fn show(
    _: Caller,
    room: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let document = state.room(&room)?.roster.document();
    Ok(answer::encoded(StatusCode::OK, document.json().clone()))
}

pub async fn typing(
    caller: Caller,
    room: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let room = state.room(&room)?;
    room.roster.typing(caller.session.account.username.as_str());
    Ok(answer::nothing())
}

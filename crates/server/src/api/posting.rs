//! Posts messages over HTTP. WebSockets use the same functions.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use domain::chat::{Draft, PendingPost, Receipt, Room};
use serde::Deserialize;

use crate::{
    http::{Caller, Error, Form, State, response},
    limits::is_limited,
};

#[derive(Deserialize)]
pub struct NewMessage {
    #[serde(default)]
    body: String,
    key: Option<String>,
}

/// `POST /api/rooms/{room}/messages`.
pub async fn post(
    caller: Caller,
    request: HttpRequest,
    room: web::Path<String>,
    state: web::Data<State>,
    Form(new): Form<NewMessage>,
) -> Result<HttpResponse, Error> {
    let room = state.room(&room).await?;
    if is_limited(state.limits.client(request.head())) {
        state.limits.post(&caller.session)?;
    }
    let draft = draft(&room, &caller, new.body, new.key)?;
    let receipt = receipt(&mut state.hub.post(&room, draft).await).await?;
    let status = if receipt.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok(response::encoded(status, receipt.message.json().clone()))
}

/// Checks a draft.
///
/// # Errors
/// 422, with the invalid field.
pub fn draft(
    room: &Room,
    caller: &Caller,
    body: String,
    key: Option<String>,
) -> Result<Draft, Error> {
    Draft::new(&room.name, caller.author(), body, key)
        .map_err(|(field, reason)| Error::invalid(field, reason))
}

/// Waits until a post is stored.
pub async fn receipt(pending: &mut PendingPost) -> Result<Receipt, Error> {
    let outcome = pending
        .await
        .map_err(|_| Error::internal("the writer has died"))?;
    Ok(outcome?)
}

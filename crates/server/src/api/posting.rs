//! PendingPost over HTTP, and reading what was posted before.

use actix_web::{HttpResponse, http::StatusCode, web};
use domain::chat::{Draft, PendingPost, Receipt, Room};
use serde::Deserialize;

use crate::http::{Caller, Error, Form, State, answer};

#[derive(Deserialize)]
pub struct NewMessage {
    #[serde(default)]
    body: String,
    key: Option<String>,
}

/// `POST …/messages`.
pub async fn post(
    caller: Caller,
    room: web::Path<String>,
    state: web::Data<State>,
    Form(new): Form<NewMessage>,
) -> Result<HttpResponse, Error> {
    let room = state.room(&room)?;
    let draft = draft(&room, &caller, new.body, new.key)?;
    let receipt = receipt(state.hub.post(&room, draft).await).await?;
    let status = if receipt.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok(answer::encoded(status, receipt.message.json().clone()))
}

/// # Errors
/// 422, with the field at fault.
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
pub async fn receipt(posting: PendingPost) -> Result<Receipt, Error> {
    let answer = posting
        .await
        .map_err(|_| Error::internal("the writer has died"))?;
    Ok(answer?)
}

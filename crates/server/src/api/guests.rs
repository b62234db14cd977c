//! Throw-away accounts, for who only wants to look.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};

use super::accounts::view;
use crate::{
    http::{Error, Held, State, answer},
    pages::Reach,
};

pub async fn create(
    request: HttpRequest,
    held: Held,
    reach: web::Data<Reach>,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    if !reach.admits_guest(&request) {
        return Err(Error::forbidden(
            "guests are for whoever sits at the machine that serves: make an account",
        ));
    }
    let account = state.accounts.guest().await?;
    let view = view(&account);
    held.add(account, &state).await?;
    Ok(answer::json(StatusCode::CREATED, &view))
}

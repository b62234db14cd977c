//! Guest accounts, for trying the chat without registering.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};

use super::accounts::view;
use crate::{
    http::{Error, SignedInAccounts, State, response},
    pages::ServerInfo,
};

/// `POST /api/guests`.
pub async fn create(
    request: HttpRequest,
    accounts: SignedInAccounts,
    server_info: web::Data<ServerInfo>,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    if !server_info.allows_guest(&request) {
        return Err(Error::forbidden(
            "this server admits no guests from here: create an account",
        ));
    }
    let limits = &state.limits;
    limits.admit_guest(limits.client(request.head()))?;
    let account = state.accounts.create_guest().await?;
    let view = view(&account);
    accounts.add_guest(account, &state).await?;
    Ok(response::json(StatusCode::CREATED, &view))
}

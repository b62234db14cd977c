//! Throw-away accounts, for who only wants to look.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};

use super::accounts::view;
use crate::{
    http::{Error, SignedInAccounts, State, answer},
    pages::ServerInfo,
};

pub async fn create(
    request: HttpRequest,
    accounts: SignedInAccounts,
    server_info: web::Data<ServerInfo>,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    if !server_info.admits_guest(&request) {
        return Err(Error::forbidden(
            "guests are for whoever sits at the machine that serves: make an account",
        ));
    }
    let account = state.accounts.create_guest().await?;
    let view = view(&account);
    accounts.add(account, &state).await?;
    Ok(answer::json(StatusCode::CREATED, &view))
}

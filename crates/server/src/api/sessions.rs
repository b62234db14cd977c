//! Signing in and out.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use protocol::AccountList;
use serde::Deserialize;

use super::accounts::view;
use crate::http::{Caller, Error, Form, Params, SignedInAccounts, State, answer};

#[derive(Deserialize)]
pub struct Credentials {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

pub async fn list(accounts: SignedInAccounts) -> HttpResponse {
    let accounts = accounts.accounts().map(view).collect();
    answer::json(StatusCode::OK, &AccountList { accounts })
}

pub async fn sign_in(
    request: HttpRequest,
    accounts: SignedInAccounts,
    state: web::Data<State>,
    Form(credentials): Form<Credentials>,
) -> Result<HttpResponse, Error> {
    let from = request.peer_addr().map(|peer| peer.ip());
    let Credentials { username, password } = credentials;
    let account = state.accounts.sign_in(&username, password, from).await?;
    let view = view(&account);
    accounts.add(account, &state).await?;
    Ok(answer::json(StatusCode::OK, &view))
}

pub async fn sign_out(
    caller: Caller,
    accounts: SignedInAccounts,
    params: Params,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let session = caller.session;
    if params.flag("everywhere")? {
        state.accounts.sessions.end_all(session.account.id).await?;
    } else {
        state.accounts.sessions.end(&session).await?;
    }
    state.recorders.disown(session.tag(), &accounts.numbers());
    accounts.remove(&session)?;
    Ok(answer::nothing())
}

//! Lists the signed-in accounts; signs in and out.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use domain::accounts::SignInError;
use protocol::AccountList;
use serde::Deserialize;

use super::accounts::view;
use crate::{
    http::{Caller, Error, Form, Params, SignedInAccounts, State, response},
    limits::block,
    metrics::Limit,
};

#[derive(Deserialize)]
pub struct Credentials {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

/// `GET /api/sessions`.
pub async fn list(accounts: SignedInAccounts) -> HttpResponse {
    let accounts = accounts.accounts().map(view).collect();
    response::json(StatusCode::OK, &AccountList { accounts })
}

/// `POST /api/sessions`.
pub async fn sign_in(
    request: HttpRequest,
    accounts: SignedInAccounts,
    state: web::Data<State>,
    Form(credentials): Form<Credentials>,
) -> Result<HttpResponse, Error> {
    let client = state.limits.client(request.head());
    let from = client.map(|client| block(client.address));
    let Credentials { username, password } = credentials;
    let signed_in = state.accounts.sign_in(&username, password, from).await;
    if let Err(SignInError::TooMany { .. }) = signed_in {
        state.metrics.count_refusal(Limit::Guesses);
    }
    let account = signed_in?;
    let view = view(&account);
    accounts.add(account, &state).await?;
    Ok(response::json(StatusCode::OK, &view))
}

/// `DELETE /api/sessions`.
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
    state
        .recorders
        .remove_session(session.tag(), &accounts.session_tags());
    accounts.remove(&session)?;
    Ok(response::no_content())
}

//! Lists the signed-in accounts; signs in and out.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use domain::accounts::{Origin, SignInError};
use protocol::AccountList;
use serde::Deserialize;

use super::accounts::view;
use crate::{
    http::{Caller, Error, Form, Params, SignedInAccounts, State, response},
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
    let Credentials { username, password } = credentials;
    let origin = Origin {
        is_known: state.known_browsers.knows(request.head(), &username),
        ..state.limits.origin(request.head())
    };
    let signed_in = state.accounts.sign_in(&username, password, origin).await;
    if let Err(SignInError::TooMany { .. }) = signed_in {
        state.metrics.count_refusal(Limit::Guesses);
    }
    let account = signed_in?;
    let mut response = response::json(StatusCode::OK, &view(&account));
    state
        .known_browsers
        .remember(origin, &account, &mut response);
    accounts.add(account, &state).await?;
    Ok(response)
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

//! Signing in and out.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use protocol::AccountList;
use serde::Deserialize;

use super::accounts::view;
use crate::http::{Caller, Error, Form, Held, Params, State, answer};

#[derive(Deserialize)]
pub struct Credentials {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

pub async fn list(held: Held) -> HttpResponse {
    let accounts = held.accounts().map(view).collect();
    answer::json(StatusCode::OK, &AccountList { accounts })
}

pub async fn sign_in(
    request: HttpRequest,
    held: Held,
    state: web::Data<State>,
    Form(credentials): Form<Credentials>,
) -> Result<HttpResponse, Error> {
    let from = request.peer_addr().map(|peer| peer.ip());
    let Credentials { username, password } = credentials;
    let account = state.accounts.sign_in(&username, password, from).await?;
    let view = view(&account);
    held.add(account, &state).await?;
    Ok(answer::json(StatusCode::OK, &view))
}

pub async fn sign_out(
    caller: Caller,
    held: Held,
    params: Params,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let session = caller.session;
    if params.flag("everywhere")? {
        state.accounts.sessions.end_all(session.account.id).await?;
    } else {
        state.accounts.sessions.end(&session).await?;
    }
    state.taps.disown(session.number(), &held.numbers());
    held.remove(&session)?;
    Ok(answer::nothing())
}

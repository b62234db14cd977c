//! Signing in and out.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode},
    web,
};
use serde::Deserialize;

use super::{
    Caller, Error, Params, State, accounts::view, answer, body::Form, identity::Held, only, reading,
};
use crate::wire::AccountList;

pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/sessions")
            .route(reading().to(list))
            .route(web::post().to(sign_in))
            .route(web::delete().to(sign_out))
            .default_service(only(&[
                Method::GET,
                Method::HEAD,
                Method::POST,
                Method::DELETE,
            ])),
    );
}

#[derive(Deserialize)]
struct Credentials {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

async fn list(held: Held) -> HttpResponse {
    let accounts = held.accounts().map(view).collect();
    answer::json(StatusCode::OK, &AccountList { accounts })
}

async fn sign_in(
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

async fn sign_out(
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

//! Guest accounts, for trying the chat without registering.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use domain::accounts::{Account, DisplayName, Password};
use serde::Deserialize;

use super::accounts::view;
use crate::{
    http::{Caller, Error, Form, SignedInAccounts, State, response},
    pages::ServerInfo,
};

/// The body of `PUT /api/guests`.
#[derive(Deserialize)]
pub struct KeptAccount {
    /// As before, if it is missing.
    display_name: Option<String>,
    #[serde(default)]
    password: String,
    /// Where the operator gives one out.
    code: Option<String>,
}

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

/// `PUT /api/guests`: the guest who asks gets a password, and becomes an account as others are.
pub async fn keep(
    request: HttpRequest,
    caller: Caller,
    accounts: SignedInAccounts,
    state: web::Data<State>,
    Form(kept): Form<KeptAccount>,
) -> Result<HttpResponse, Error> {
    let guest = &caller.session.account;
    let client = state.limits.client(request.head());
    let code = kept.code.clone();
    if !guest.is_guest {
        return Err(Error::no_guest());
    }
    let (display_name, password) = validate(kept, guest)?;
    state.limits.register(client, code.as_deref())?;
    let origin = state.limits.origin(request.head());
    let keeping = state.accounts.keep(guest, display_name, password, origin);
    let Some(account) = keeping.await? else {
        state.limits.refund_account(client);
        return Err(Error::no_guest());
    };
    let mut response = response::json(StatusCode::OK, &view(&account));
    state
        .known_browsers
        .remember(origin, &account, &mut response);
    accounts.add(account, &state).await?;
    Ok(response)
}

/// Checks every field, so that the error lists all that are invalid.
fn validate(kept: KeptAccount, guest: &Account) -> Result<(DisplayName, Password), Error> {
    let display_name = match &kept.display_name {
        Some(name) => DisplayName::parse(name),
        None => Ok(guest.display_name.clone()),
    };
    match (display_name, Password::parse(kept.password)) {
        (Ok(display_name), Ok(password)) => Ok((display_name, password)),
        (display_name, password) => {
            let reasons = [
                ("display_name", display_name.err()),
                ("password", password.err()),
            ];
            let given = reasons
                .into_iter()
                .filter_map(|(field, reason)| Some((field.to_owned(), reason?.to_owned())));
            Err(Error::invalid_fields(given.collect::<BTreeMap<_, _>>()))
        }
    }
}

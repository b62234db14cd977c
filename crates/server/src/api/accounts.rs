//! Creates accounts.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use domain::accounts::{Account, DisplayName, Password, Username};
use protocol::AccountView;
use serde::Deserialize;

use crate::http::{Error, Form, SignedInAccounts, State, response};

/// An account as its own user sees it.
pub fn view(account: &Account) -> AccountView {
    AccountView {
        username: account.username.as_str().into(),
        display_name: account.display_name.as_str().into(),
    }
}

/// The body of `POST /api/accounts`.
#[derive(Deserialize)]
pub struct NewAccount {
    #[serde(default)]
    username: String,
    display_name: Option<String>,
    #[serde(default)]
    password: String,
    /// Where the operator gives one out.
    code: Option<String>,
}

/// `POST /api/accounts`.
pub async fn create(
    request: HttpRequest,
    accounts: SignedInAccounts,
    state: web::Data<State>,
    Form(new): Form<NewAccount>,
) -> Result<HttpResponse, Error> {
    let client = state.limits.client(request.head());
    let code = new.code.clone();
    let (username, display_name, password) = validate(new)?;
    state.limits.register(client, code.as_deref())?;
    let origin = state.limits.origin(request.head());
    let account = state
        .accounts
        .register(username, display_name, password, origin)
        .await?;
    let Some(account) = account else {
        state.limits.refund_account(client);
        let why = "this username is taken: choose another";
        return Err(Error::taken("username", why));
    };
    let mut response = response::json(StatusCode::CREATED, &view(&account));
    state
        .known_browsers
        .remember(origin, &account, &mut response);
    accounts.add(account, &state).await?;
    Ok(response)
}

/// Checks every field, so that the error lists all that are invalid.
fn validate(new: NewAccount) -> Result<(Username, DisplayName, Password), Error> {
    let shown_name = new.display_name.as_ref().unwrap_or(&new.username);
    let display_name = DisplayName::parse(shown_name);
    let username = Username::parse(&new.username);
    match (username, display_name, Password::parse(new.password)) {
        (Ok(username), Ok(display_name), Ok(password)) => Ok((username, display_name, password)),
        (username, display_name, password) => {
            let mut errors = BTreeMap::new();
            let mut note = |field: &str, reason: Option<&str>| {
                errors.extend(reason.map(|reason| (field.to_owned(), reason.to_owned())));
            };
            note("username", username.as_ref().err().copied());
            if new.display_name.is_some() {
                note("display_name", display_name.as_ref().err().copied());
            }
            note("password", password.as_ref().err().copied());
            Err(Error::invalid_fields(errors))
        }
    }
}

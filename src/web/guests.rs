//! Throw-away accounts, for who only wants to look.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode},
    web,
};

use super::{Error, Reach, State, accounts::view, answer, identity::Held, only};

pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/guests")
            .route(web::post().to(create))
            .default_service(only(&[Method::POST])),
    );
}

async fn create(
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

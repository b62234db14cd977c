//! Who is here, asked once; and saying that one is typing.

use actix_web::{
    HttpResponse,
    http::{Method, StatusCode},
    web,
};

use super::{Caller, Error, State, answer, only, reading};

pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/rooms/{room}/presence")
                .route(reading().to(show))
                .default_service(only(&[Method::GET, Method::HEAD])),
        )
        .service(
            web::resource("/rooms/{room}/typing")
                .route(web::post().to(typing))
                .default_service(only(&[Method::POST])),
        );
}

async fn show(
    _: Caller,
    room: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let document = state.room(&room)?.roster.document();
    Ok(answer::encoded(StatusCode::OK, document.json().clone()))
}

async fn typing(
    caller: Caller,
    room: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let room = state.room(&room)?;
    room.roster.typing(caller.session.account.username.as_str());
    Ok(answer::nothing())
}

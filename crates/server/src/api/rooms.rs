//! Lists and creates rooms.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode, web};
use domain::chat::{CreateRoomError, RoomName, Title};
use protocol::RoomList;
use serde::Deserialize;

use crate::{
    http::{Caller, Error, Form, Params, State, response},
    metrics::Limit,
};

/// The most rooms of a page.
const MOST_LISTED: usize = 1_000;

#[derive(Deserialize)]
pub struct NewRoom {
    #[serde(default)]
    name: String,
    title: Option<String>,
}

/// `GET /api/rooms`. Without `limit`, all rooms.
pub async fn list(
    _: Caller,
    params: Params,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let limit = params.number("limit", 1..=MOST_LISTED)?;
    // First: the heads are of this history, or are found to be of another.
    let epoch = state.hub.history().epoch().to_string();
    let rooms = state
        .hub
        .rooms(params.text("after").as_deref(), limit.unwrap_or(usize::MAX));
    Ok(response::json(StatusCode::OK, &RoomList { rooms, epoch }))
}

/// `POST /api/rooms`.
pub async fn create(
    caller: Caller,
    state: web::Data<State>,
    Form(new): Form<NewRoom>,
) -> Result<HttpResponse, Error> {
    let (name, title) = validate(new)?;
    let creator = caller.author().username.to_string();
    let room = state.hub.create(name, title, creator).await;
    if let Err(CreateRoomError::TooMany | CreateRoomError::TooManyOfAccount) = room {
        state.metrics.count_refusal(Limit::Rooms);
    }
    room?
        .map(|room| response::json(StatusCode::CREATED, &room))
        .ok_or_else(|| Error::taken("name", "this name is taken: choose another"))
}

fn validate(new: NewRoom) -> Result<(RoomName, Title), Error> {
    let name = RoomName::parse(&new.name);
    let title = Title::parse(new.title.as_ref().unwrap_or(&new.name));
    match (name, title) {
        (Ok(name), Ok(title)) => Ok((name, title)),
        (name, title) => {
            let mut errors = BTreeMap::new();
            errors.extend(
                name.err()
                    .map(|reason| ("name".to_owned(), reason.to_owned())),
            );
            if new.title.is_some() {
                errors.extend(
                    title
                        .err()
                        .map(|reason| ("title".to_owned(), reason.to_owned())),
                );
            }
            Err(Error::invalid_fields(errors))
        }
    }
}

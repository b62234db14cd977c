//! Listing and making rooms.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode, web};
use domain::chat::{RoomName, Title};
use protocol::RoomList;
use serde::Deserialize;

use crate::http::{Caller, Error, Form, State, answer};

#[derive(Deserialize)]
pub struct NewRoom {
    #[serde(default)]
    name: String,
    title: Option<String>,
}

pub async fn list(_: Caller, state: web::Data<State>) -> HttpResponse {
    let rooms = state.hub.rooms();
    answer::json(StatusCode::OK, &RoomList { rooms })
}

pub async fn create(
    caller: Caller,
    state: web::Data<State>,
    Form(new): Form<NewRoom>,
) -> Result<HttpResponse, Error> {
    let (name, title) = validate(new)?;
    let by = caller.author().username;
    let room = state.hub.create(name, title, by).await?;
    room.map(|room| answer::json(StatusCode::CREATED, &room))
        .ok_or_else(|| Error::taken("name", "this name is taken: choose another"))
}

fn validate(new: NewRoom) -> Result<(RoomName, Title), Error> {
    let name = RoomName::parse(&new.name);
    let title = Title::parse(new.title.as_ref().unwrap_or(&new.name));
    match (name, title) {
        (Ok(name), Ok(title)) => Ok((name, title)),
        (name, title) => {
            let mut errors = BTreeMap::new();
            errors.extend(name.err().map(|why| ("name".to_owned(), why.to_owned())));
            if new.title.is_some() {
                errors.extend(title.err().map(|why| ("title".to_owned(), why.to_owned())));
            }
            Err(Error::invalid_fields(errors))
        }
    }
}

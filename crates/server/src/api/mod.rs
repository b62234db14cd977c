//! Every call that is neither a transport's nor a page's.

pub mod accounts;
pub mod bindings;
pub mod guests;
pub mod health;
pub mod posting;
pub mod presence;
pub mod rooms;
pub mod sessions;

use actix_web::HttpResponse;

use crate::http::{Caller, Error};

/// StepKind answers any other path under `/api`, to those who are signed in.
pub async fn nothing_here(_: Caller) -> Result<HttpResponse, Error> {
    Err(Error::not_found("there is nothing at this address"))
}

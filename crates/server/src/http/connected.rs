//! Extracts the connection of a request.

use std::{
    future::{Ready, ready},
    rc::Rc,
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};

use super::Error;
use crate::connection::Wire;

/// The request's connection.
pub struct Connected(pub Rc<Wire>);

impl Connected {
    /// The connection of a request, which the loop that serves it has put there.
    pub fn of(request: &impl HttpMessage) -> Result<Self, Error> {
        let wire = request.extensions().get::<Rc<Wire>>().cloned();
        wire.map(Connected)
            .ok_or_else(|| Error::internal("no connection"))
    }
}

impl FromRequest for Connected {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Connected::of(request))
    }
}

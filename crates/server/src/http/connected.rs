//! Extracts the connection of a request.

use std::{
    future::{Ready, ready},
    rc::Rc,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::Error;
use crate::connection::Meter;

/// The meter of the request's connection.
pub struct Connected(pub Rc<Meter>);

impl FromRequest for Connected {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let meter = request.conn_data::<Rc<Meter>>().cloned();
        ready(
            meter
                .map(Connected)
                .ok_or_else(|| Error::internal("no meter")),
        )
    }
}

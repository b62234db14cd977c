//! The connection that a request came by.

use std::{
    future::{Ready, ready},
    rc::Rc,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::Error;
use crate::connection::Meter;

/// StepKind is known of the connection.
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

//! A request to read a room, independent of the transport.

use std::{rc::Rc, sync::Arc};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::HeaderMap, web};
use domain::chat::Room;
use futures_util::future::LocalBoxFuture;
use protocol::Transport;

use crate::{
    connection::Meter,
    http::{Caller, Connected, Error, Params, State},
    inspector::recorder::Subscription,
};

/// All that a transport needs to serve a reader.
pub struct ReadRequest {
    pub caller: Caller,
    pub room: Arc<Room>,
    pub state: web::Data<State>,
    pub meter: Rc<Meter>,
    /// The query parameters, of which each transport reads its own.
    pub params: Params,
    /// The cursor that a browser sends when it reconnects an event stream.
    pub last_event_id: Option<String>,
}

impl ReadRequest {
    /// The cursor in the query, if there is one.
    ///
    /// # Errors
    /// 422 if it is not a `seq`.
    pub fn after(&self) -> Result<Option<u64>, Error> {
        self.params.seq("after")
    }

    /// The version of the client's presence document, if the client wants presence.
    ///
    /// # Errors
    /// 422 if it is not a version.
    pub fn presence(&self) -> Result<Option<u64>, Error> {
        self.params.seq("presence")
    }

    /// What the request reads, over `transport`.
    ///
    /// # Errors
    /// 422 if `tab` is not a valid name.
    pub fn subscription(&self, transport: Transport) -> Result<Subscription, Error> {
        Ok(Subscription {
            room: self.room.name.as_str().into(),
            tab: self.params.label("tab")?.map(Into::into),
            transport,
        })
    }
}

impl FromRequest for ReadRequest {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::from_request(request, payload);
        let name = web::Path::<String>::from_request(request, payload).into_inner();
        let state = request.app_data::<web::Data<State>>().cloned();
        let meter = Connected::from_request(request, payload).into_inner();
        let params = Params::parse(request.query_string());
        let last_event_id = last_event_id(request.headers());
        Box::pin(async move {
            let caller = caller.await?;
            let state = state.ok_or_else(|| Error::internal("no state"))?;
            Ok(ReadRequest {
                room: state.room(&name.map_err(Error::internal)?)?,
                caller,
                state,
                meter: meter?.0,
                params,
                last_event_id,
            })
        })
    }
}

fn last_event_id(headers: &HeaderMap) -> Option<String> {
    let value = headers.get("last-event-id")?.to_str().ok()?;
    (!value.is_empty()).then(|| value.to_owned())
}

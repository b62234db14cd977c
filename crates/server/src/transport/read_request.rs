//! A request to read a room, independent of the transport.

use std::{rc::Rc, sync::Arc};

use actix_http::{ConnectionType, Method, RequestHead, Version};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::HeaderMap, web};
use domain::chat::Room;
use futures_util::future::LocalBoxFuture;
use protocol::Transport;

use crate::{
    connection::Wire,
    http::{Caller, Connected, Error, KnownCookies, Params, State, find},
    inspector::recorder::{HistoryRequest, Subscription},
    limits::Client,
};

/// All that a transport needs to serve a reader.
pub struct ReadRequest {
    pub caller: Caller,
    pub room: Arc<Room>,
    pub state: web::Data<State>,
    pub wire: Rc<Wire>,
    /// Who sends it.
    pub client: Option<Client>,
    /// Whether the response to a poll is the same as for any other that waits at its cursor.
    pub is_plain_poll: bool,
    /// Whether the client knows chunks (RFC 9112, 7.1): one of HTTP/1.0 does not.
    pub takes_chunks: bool,
    /// The query parameters, of which each transport reads its own.
    pub params: Params,
    /// The cursor that a browser sends when it reconnects an event stream.
    pub last_event_id: Option<String>,
}

impl ReadRequest {
    fn new(
        caller: Caller,
        room: Arc<Room>,
        state: web::Data<State>,
        wire: Rc<Wire>,
        request: &RequestHead,
    ) -> Self {
        ReadRequest {
            client: state.limits.client(request),
            caller,
            room,
            state,
            wire,
            is_plain_poll: false,
            takes_chunks: request.version >= Version::HTTP_11,
            params: Params::of(&request.uri),
            last_event_id: last_event_id(&request.headers),
        }
    }

    /// The request to read a room that needs nothing of the application: a poll with a cookie that was
    /// verified before. `None` for any other.
    pub fn of_known(
        request: &RequestHead,
        known: &KnownCookies,
        state: &web::Data<State>,
        wire: &Rc<Wire>,
    ) -> Option<Result<Self, Error>> {
        if request.method != Method::GET {
            return None;
        }
        let name = request.uri.path().strip_prefix("/api/rooms/")?;
        let room = state.hub.room(name.strip_suffix("/messages")?)?;
        let known = known.recall(request)?;
        wire.meter().add_sessions(&known.tags);
        let requested = find(request.uri.query().unwrap_or_default(), "as");
        let caller = Caller::of(known.sessions.iter(), requested.as_deref());
        let is_kept = request.connection_type() == ConnectionType::KeepAlive;
        let is_plain_poll =
            is_kept && request.version == Version::HTTP_11 && wire.meter().server().is_none();
        Some(caller.map(|caller| ReadRequest {
            is_plain_poll,
            ..ReadRequest::new(caller, room, state.clone(), wire.clone(), request)
        }))
    }

    /// The cursor in the query, if there is one.
    ///
    /// # Errors
    /// 422 if it is not a `seq`.
    pub fn after(&self) -> Result<Option<u64>, Error> {
        self.params.seq("after")
    }

    /// The epoch of the history that is read, if the client gives one or asks for it with an empty `epoch`.
    ///
    /// # Errors
    /// 422 if the client gives another: its cursor means nothing in this history.
    pub fn epoch(&self) -> Result<Option<Arc<str>>, Error> {
        let Some(given) = self.params.text("epoch") else {
            return Ok(None);
        };
        let epoch = self.state.hub.history().epoch();
        match given.is_empty() || *given == *epoch {
            true => Ok(Some(epoch)),
            false => Err(Error::other_history(&epoch)),
        }
    }

    /// Whether the client knows more than this process: its cursor is beyond the head, or its epoch another. Asked
    /// of each poll, so the cursor is not checked here.
    pub fn is_ahead(&self) -> bool {
        let cursor: Option<u64> = match &self.last_event_id {
            Some(last) => last.parse().ok(),
            None => self.params.text("after").and_then(|text| text.parse().ok()),
        };
        cursor.is_some_and(|cursor| cursor > self.room.log.head()) || self.epoch().is_err()
    }

    /// Looks in the database what other processes have done.
    ///
    /// # Errors
    /// 503 if it cannot be used.
    pub async fn catch_up(&self) -> Result<(), Error> {
        self.state.hub.look_up(&self.room.name).await?;
        Ok(())
    }

    /// The version of the client's presence document, if the client wants presence.
    ///
    /// # Errors
    /// 422 if it is not a version.
    pub fn presence(&self) -> Result<Option<u64>, Error> {
        self.params.seq("presence")
    }

    /// What the request asks for, if it asks for history.
    ///
    /// # Errors
    /// 422 if `tab` is not a valid name.
    pub fn history(&self) -> Result<HistoryRequest, Error> {
        Ok(HistoryRequest {
            room: self.room.name.as_str().into(),
            tab: self.params.label("tab")?.map(Into::into),
        })
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
        let connection = Connected::of(request);
        let request = request.clone();
        Box::pin(async move {
            let caller = caller.await?;
            let state = state.ok_or_else(|| Error::internal("no state"))?;
            let room = state.room(&name.map_err(Error::internal)?).await?;
            let wire = connection?.0;
            Ok(ReadRequest::new(caller, room, state, wire, request.head()))
        })
    }
}

fn last_event_id(headers: &HeaderMap) -> Option<String> {
    let value = headers.get("last-event-id")?.to_str().ok()?;
    (!value.is_empty()).then(|| value.to_owned())
}

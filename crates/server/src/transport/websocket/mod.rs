//! WebSocket: one connection, both ways. The answer to the handshake *is* the feed: its body
//! yields frames, and reads what the client says in between.

mod inbound;
mod socket;

use std::{
    convert::Infallible,
    future::{Ready, ready},
    time::Duration,
};

use actix_http::{
    ResponseBuilder,
    ws::{HandshakeError, handshake},
};
use actix_web::{FromRequest, HttpRequest, HttpResponse, body::BodyStream, dev::Payload, web};
use futures_util::stream;
use protocol::Transport;

use super::{ReadRequest, Reader, Settings};
use crate::http::Error;
use inbound::Inbound;
use socket::Socket;

pub async fn open(
    read: ReadRequest,
    Handshake(handshake): Handshake,
    settings: web::Data<Settings>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let mut response = handshake.map_err(refusal)?;
    let after = read.after()?;
    let reader = Reader::open(read, Transport::WebSocket, after, Duration::ZERO)?;
    let socket = Socket::new(reader, Inbound::new(payload), &settings);
    let frames = stream::unfold(socket, |mut socket| async move {
        let frame = socket.next().await?;
        Some((Ok::<_, Infallible>(frame), socket))
    });
    Ok(response
        .message_body(BodyStream::new(frames))
        .map_err(Error::internal)?
        .map_into_boxed_body()
        .into())
}

/// The answer to the client's handshake. Never fails by itself: who asks is looked at first.
pub struct Handshake(Result<ResponseBuilder, HandshakeError>);

impl FromRequest for Handshake {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Handshake(handshake(request.head()))))
    }
}

fn refusal(why: HandshakeError) -> Error {
    let detail = format!("this address speaks WebSocket: {why}");
    match why {
        HandshakeError::NoWebsocketUpgrade | HandshakeError::UnsupportedVersion => {
            Error::upgrade_required(detail)
        }
        _ => Error::bad_request(detail),
    }
}

//! WebSocket: frames in both directions on one connection. The body of the response to the
//! handshake is a stream that yields the server's frames and handles those of the client in
//! between.

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

use super::{ReadRequest, Reader, StreamSettings};
use crate::http::Error;
use inbound::Inbound;
use socket::Socket;

/// `GET /api/rooms/{room}/ws`.
pub async fn open(
    read: ReadRequest,
    Handshake(handshake): Handshake,
    settings: web::Data<StreamSettings>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let mut response = handshake.map_err(refusal)?;
    if read.is_ahead() {
        read.catch_up().await?;
    }
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

/// The response to the client's handshake. Extracting it never fails, so that authentication comes
/// first.
pub struct Handshake(Result<ResponseBuilder, HandshakeError>);

impl FromRequest for Handshake {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Handshake(handshake(request.head()))))
    }
}

fn refusal(reason: HandshakeError) -> Error {
    let detail = format!("this address is for WebSocket: {reason}");
    match reason {
        HandshakeError::NoWebsocketUpgrade | HandshakeError::UnsupportedVersion => {
            Error::upgrade_required(detail)
        }
        _ => Error::bad_request(detail),
    }
}

//! WebSocket: one connection, both ways. The answer to the handshake *is* the feed: its body
//! yields frames, and reads what the client says in between.

mod inbound;
mod socket;

use std::{convert::Infallible, time::Duration};

use actix_http::ws::{HandshakeError, handshake};
use actix_web::{HttpRequest, HttpResponse, body::BodyStream, web};
use futures_util::stream;

use super::{Reader, Settings};
use crate::{
    web::{Caller, Error, Params, State},
    wire::Transport,
};
use inbound::Inbound;
use socket::Socket;

pub async fn open(
    request: HttpRequest,
    caller: Caller,
    room: web::Path<String>,
    params: Params,
    (state, settings): (web::Data<State>, web::Data<Settings>),
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let room = state.room(&room)?;
    let mut response = handshake(request.head()).map_err(refusal)?;
    let transport = Transport::WebSocket;
    let reader = Reader::open(&request, caller, room, &params, transport, Duration::ZERO)?;
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

fn refusal(why: HandshakeError) -> Error {
    let detail = format!("this address speaks WebSocket: {why}");
    match why {
        HandshakeError::NoWebsocketUpgrade | HandshakeError::UnsupportedVersion => {
            Error::upgrade_required(detail)
        }
        _ => Error::bad_request(detail),
    }
}

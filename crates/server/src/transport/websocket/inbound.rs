//! The messages from a WebSocket client, assembled from frames and fragments.

use actix_http::ws::{Codec, Frame, Item};
use actix_web::web::{self, Buf, Bytes, BytesMut};
use futures_util::StreamExt;
use protocol::{FrameHeader, MAX_BODY_BYTES};
use tokio_util::codec::Decoder;

/// The size of the largest frame, including its header.
const MAX_FRAME: u64 = MAX_BODY_BYTES as u64 + 14;

/// A complete message or event from the client.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming {
    Text(Bytes),
    Ping(Bytes),
    Pong,
    /// A close frame, with its code if it has one.
    Close(Option<u16>),
    /// The connection has ended.
    Gone,
    /// Input that the server does not accept: close with this code and reason.
    Refused(u16, &'static str),
}

/// Reads what the client sends.
pub struct Inbound {
    payload: web::Payload,
    codec: Codec,
    buffer: BytesMut,
    /// The fragments received so far of a fragmented text message.
    fragments: Option<BytesMut>,
    /// How many bytes of a frame that is too large are still to be skipped.
    skip: u64,
    /// After a protocol error, no further frames can be decoded.
    broken: bool,
}

impl Inbound {
    pub fn new(payload: web::Payload) -> Self {
        Inbound {
            payload,
            codec: Codec::new().max_size(MAX_BODY_BYTES),
            buffer: BytesMut::new(),
            fragments: None,
            skip: 0,
            broken: false,
        }
    }

    /// Waits for the next complete message. Cancel-safe: dropping the future loses nothing.
    pub async fn next(&mut self) -> Incoming {
        while !self.broken {
            self.discard_skipped();
            if let Some(incoming) = self.take_buffered() {
                return incoming;
            }
            if self.buffer.is_empty() {
                // A socket that is idle keeps no buffer.
                self.buffer = BytesMut::new();
            }
            match self.payload.next().await {
                Some(Ok(bytes)) => self.buffer.extend_from_slice(&bytes),
                Some(Err(_)) | None => return Incoming::Gone,
            }
        }
        // Read to the end nevertheless: closing a socket with unread bytes resets the connection,
        // and the client might not receive the close frame.
        while let Some(Ok(_)) = self.payload.next().await {}
        Incoming::Gone
    }

    /// The next complete message in the buffer, if there is one.
    fn take_buffered(&mut self) -> Option<Incoming> {
        loop {
            // The codec would wait for a whole frame before it finds that it is too large.
            let declared = FrameHeader::parse(&self.buffer).map(|header| header.frame_bytes());
            if let Some(bytes) = declared.filter(|bytes| *bytes > MAX_FRAME) {
                self.skip = bytes;
                self.discard_skipped();
                return Some(too_large());
            }
            match self.codec.decode(&mut self.buffer) {
                Ok(Some(frame)) => {
                    if let Some(incoming) = self.assemble(frame) {
                        return Some(incoming);
                    }
                }
                Ok(None) => return None,
                Err(_) => {
                    self.broken = true;
                    return Some(Incoming::Refused(1002, "protocol error"));
                }
            }
        }
    }

    /// Discards the buffered part of a frame that is skipped.
    fn discard_skipped(&mut self) {
        let discarded = self
            .buffer
            .len()
            .min(usize::try_from(self.skip).unwrap_or(usize::MAX));
        self.buffer.advance(discarded);
        self.skip -= discarded as u64;
    }

    fn assemble(&mut self, frame: Frame) -> Option<Incoming> {
        match frame {
            Frame::Text(text) => Some(text_message(text)),
            Frame::Ping(bytes) => Some(Incoming::Ping(bytes)),
            Frame::Pong(_) => Some(Incoming::Pong),
            Frame::Close(reason) => Some(Incoming::Close(reason.map(|reason| reason.code.into()))),
            Frame::Binary(_) | Frame::Continuation(Item::FirstBinary(_)) => {
                Some(Incoming::Refused(1003, "only text frames are accepted"))
            }
            Frame::Continuation(Item::FirstText(part)) => {
                self.fragments = Some(BytesMut::from(&part[..]));
                None
            }
            Frame::Continuation(Item::Continue(part)) => self.append(&part),
            Frame::Continuation(Item::Last(part)) => match self.append(&part) {
                None => self
                    .fragments
                    .take()
                    .map(|text| text_message(text.freeze())),
                refused => refused,
            },
        }
    }

    fn append(&mut self, part: &[u8]) -> Option<Incoming> {
        let text = self.fragments.get_or_insert_default();
        if text.len() + part.len() > MAX_BODY_BYTES {
            return Some(too_large());
        }
        text.extend_from_slice(part);
        None
    }
}

fn text_message(text: Bytes) -> Incoming {
    if std::str::from_utf8(&text).is_ok() {
        Incoming::Text(text)
    } else {
        Incoming::Refused(1007, "text must be UTF-8")
    }
}

fn too_large() -> Incoming {
    Incoming::Refused(1009, "a frame must be at most 64 KiB")
}

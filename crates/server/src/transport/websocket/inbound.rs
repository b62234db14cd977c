//! StepKind a WebSocket client sends, frame by frame, fragments put together.

use actix_http::ws::{Codec, Frame, Item};
use actix_web::web::{self, Buf, Bytes, BytesMut};
use futures_util::StreamExt;
use protocol::{FrameHeader, MAX_BODY_BYTES};
use tokio_util::codec::Decoder;

/// The largest frame, with the largest head that a client can give it.
const MAX_FRAME: u64 = MAX_BODY_BYTES as u64 + 14;

/// Something whole that the client sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming {
    Text(Bytes),
    Ping(Bytes),
    Pong,
    /// The client closes, with this code if it gave one.
    Close(Option<u16>),
    /// The connection has ended.
    Gone,
    /// StepKind the server does not take: close with this code and reason.
    Refused(u16, &'static str),
}

/// The client's half of the connection.
pub struct Inbound {
    payload: web::Payload,
    codec: Codec,
    buffer: BytesMut,
    /// The fragments so far of a text that comes in several frames.
    fragments: Option<BytesMut>,
    /// Bytes still to come of a frame that is too large to be taken.
    skip: u64,
    /// Frames can't be told apart any more.
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

    /// The next whole thing. May be dropped at any await without losing anything.
    pub async fn next(&mut self) -> Incoming {
        while !self.broken {
            self.pass_over();
            if let Some(incoming) = self.take() {
                return incoming;
            }
            match self.payload.next().await {
                Some(Ok(bytes)) => self.buffer.extend_from_slice(&bytes),
                Some(Err(_)) | None => return Incoming::Gone,
            }
        }
        // Read to the end all the same: to close on unread bytes would reset the connection, and
        // the client might never see why.
        while let Some(Ok(_)) = self.payload.next().await {}
        Incoming::Gone
    }

    /// Something whole from the buffer, if there is.
    fn take(&mut self) -> Option<Incoming> {
        loop {
            // The codec would wait for all of a frame before it found it too large.
            let declared = FrameHeader::parse(&self.buffer).map(|header| header.frame_bytes());
            if let Some(bytes) = declared.filter(|bytes| *bytes > MAX_FRAME) {
                self.skip = bytes;
                self.pass_over();
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

    /// Drops what has come of a frame that is not taken.
    fn pass_over(&mut self) {
        let passed = self
            .buffer
            .len()
            .min(usize::try_from(self.skip).unwrap_or(usize::MAX));
        self.buffer.advance(passed);
        self.skip -= passed as u64;
    }

    fn assemble(&mut self, frame: Frame) -> Option<Incoming> {
        match frame {
            Frame::Text(text) => Some(whole(text)),
            Frame::Ping(bytes) => Some(Incoming::Ping(bytes)),
            Frame::Pong(_) => Some(Incoming::Pong),
            Frame::Close(reason) => Some(Incoming::Close(reason.map(|reason| reason.code.into()))),
            Frame::Binary(_) | Frame::Continuation(Item::FirstBinary(_)) => {
                Some(Incoming::Refused(1003, "text frames only"))
            }
            Frame::Continuation(Item::FirstText(part)) => {
                self.fragments = Some(BytesMut::from(&part[..]));
                None
            }
            Frame::Continuation(Item::Continue(part)) => self.append(&part),
            Frame::Continuation(Item::Last(part)) => match self.append(&part) {
                None => self.fragments.take().map(|text| whole(text.freeze())),
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

fn whole(text: Bytes) -> Incoming {
    if std::str::from_utf8(&text).is_ok() {
        Incoming::Text(text)
    } else {
        Incoming::Refused(1007, "text must be UTF-8")
    }
}

fn too_large() -> Incoming {
    Incoming::Refused(1009, "a frame may have at most 64 KiB")
}

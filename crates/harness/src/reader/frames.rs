//! WebSocket: text frames, and a pong for each ping.

use bytes::Buf;
use protocol::FrameHeader;

use super::source::{End, Piece, Source};
use crate::raw::UPGRADE;

const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;

impl Source {
    pub(super) async fn open_socket(&mut self) -> Result<(), End> {
        self.connect().await?;
        self.send_request("ws", UPGRADE).await?;
        match self.connected().header().await?.status {
            101 => Ok(()),
            status => Err(End::Refused(status)),
        }
    }

    pub(super) async fn next_frame(&mut self) -> Result<Piece, End> {
        loop {
            let connection = self.connected();
            let Some(header) = FrameHeader::parse(&connection.buffer) else {
                connection.read().await?;
                continue;
            };
            while (connection.buffer.len() as u64) < header.frame_bytes() {
                connection.read().await?;
            }
            connection.buffer.advance(header.bytes);
            let payload = connection.buffer.split_to(header.payload_bytes as usize);
            assert!(header.fin && header.mask.is_none(), "{header:?}");
            match header.opcode {
                TEXT => return Ok(Piece::Frame(payload)),
                PING => {
                    connection.write(&pong(&payload)).await?;
                    return Ok(Piece::Ping(payload));
                }
                CLOSE => return Err(End::Closed),
                other => panic!("a frame of opcode {other}"),
            }
        }
    }
}

/// The pong for a ping with this payload, masked with zeros.
fn pong(payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).expect("a control frame is short");
    [&[0x8A, 0x80 | length, 0, 0, 0, 0], payload].concat()
}

//! WebSocket framing (RFC 6455, 5.2): builds the server's frames, which are unmasked and never
//! fragmented, and parses the header of any frame.

use bytes::Bytes;

/// The kinds of frame that the server sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opcode {
    Text = 0x1,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA,
}

/// The header of a frame, decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameHeader {
    pub fin: bool,
    /// As it was sent; it may be one of the reserved opcodes.
    pub opcode: u8,
    /// The key that the payload is masked with, if it is masked.
    pub mask: Option<[u8; 4]>,
    /// The length of the header in bytes, including the masking key.
    pub bytes: usize,
    /// The length of the payload in bytes.
    pub payload_bytes: u64,
}

impl FrameHeader {
    /// Parses the header at the start of `bytes`; `None` if it is not complete yet.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let [first, second] = *bytes.first_chunk::<2>()?;
        let (payload_bytes, mut end) = match second & 0x7F {
            126 => (u16::from_be_bytes(*bytes[2..].first_chunk()?).into(), 4),
            127 => (u64::from_be_bytes(*bytes[2..].first_chunk()?), 10),
            short => (short.into(), 2),
        };
        let mut mask = None;
        if second & 0x80 != 0 {
            mask = Some(*bytes[end..].first_chunk()?);
            end += 4;
        }
        Some(FrameHeader {
            fin: first & 0x80 != 0,
            opcode: first & 0x0F,
            mask,
            bytes: end,
            payload_bytes,
        })
    }

    /// The length of the whole frame in bytes; `u64::MAX` if the sum does not fit.
    pub fn frame_bytes(&self) -> u64 {
        self.payload_bytes.saturating_add(self.bytes as u64)
    }
}

/// Builds an unmasked frame: FIN, the opcode, the length in its shortest form, the payload.
pub fn unmasked_frame(opcode: Opcode, payload: &[u8]) -> Bytes {
    const FIN: u8 = 0x80;
    let mut frame = Vec::with_capacity(payload.len() + 10);
    frame.push(FIN | opcode as u8);
    match payload.len() {
        short @ 0..=125 => frame.push(short as u8),
        medium @ 126..=0xFFFF => {
            frame.push(126);
            frame.extend_from_slice(&(medium as u16).to_be_bytes());
        }
        long => {
            frame.push(127);
            frame.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(payload);
    Bytes::from(frame)
}

/// Builds a close frame. The reason is shortened to 123 bytes, the most that fits a control frame.
pub fn close_frame(code: u16, reason: &str) -> Bytes {
    let mut end = reason.len().min(123);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    let payload = [&code.to_be_bytes(), &reason.as_bytes()[..end]].concat();
    unmasked_frame(Opcode::Close, &payload)
}

#[cfg(test)]
mod tests {
    use actix_http::ws::{Codec, Frame};
    use bytes::BytesMut;
    use proptest::prelude::*;
    use tokio_util::codec::Decoder;

    use super::*;

    fn decode(frame: Bytes) -> Frame {
        let mut buffer = BytesMut::from(&frame[..]);
        let decoded = Codec::new()
            .client_mode()
            .max_size(1 << 20)
            .decode(&mut buffer)
            .unwrap()
            .unwrap();
        assert!(buffer.is_empty(), "bytes are left after the frame");
        decoded
    }

    proptest! {
        #[test]
        fn a_client_decodes_the_same_payload(payload in prop::collection::vec(any::<u8>(), 0..70_000)) {
            let framed = unmasked_frame(Opcode::Text, &payload);
            let header_bytes = match payload.len() { 0..=125 => 2, 126..=65_535 => 4, _ => 10 };
            prop_assert_eq!(framed.len(), payload.len() + header_bytes);
            let header = FrameHeader::parse(&framed).unwrap();
            prop_assert_eq!((header.bytes, header.mask), (header_bytes, None));
            prop_assert_eq!(header.frame_bytes(), framed.len() as u64);
            for length in 0..header_bytes {
                prop_assert_eq!(FrameHeader::parse(&framed[..length]), None);
            }
            prop_assert_eq!(decode(framed), Frame::Text(payload.into()));
        }

        #[test]
        fn any_header_is_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..16)) {
            if let Some(header) = FrameHeader::parse(&bytes) {
                prop_assert!(header.bytes <= bytes.len() && header.frame_bytes() >= 2);
            }
        }

        #[test]
        fn a_close_frame_fits_a_control_frame(code in 4000u16..5000, reason in ".{0,200}") {
            let framed = close_frame(code, &reason);
            prop_assert!(framed.len() <= 127);
            let Frame::Close(Some(read)) = decode(framed) else { panic!("not a close frame") };
            prop_assert_eq!(u16::from(read.code), code);
            prop_assert!(reason.starts_with(&read.description.unwrap_or_default()));
        }
    }
}

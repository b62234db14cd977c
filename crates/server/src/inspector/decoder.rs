//! An incremental decoder of HTTP/1.1 messages (RFC 9112) and WebSocket frames (RFC 6455).

use protocol::FrameHeader;

/// A complete WebSocket frame; the payload is unmasked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodedFrame {
    pub header: FrameHeader,
    /// The bytes of the header as they were sent.
    pub raw_header: Vec<u8>,
    pub payload: Vec<u8>,
}

/// A chunk of a body in chunked transfer coding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodedChunk {
    /// The number of bytes around the data: its length in hex and two line ends.
    pub framing: usize,
    pub data: Vec<u8>,
}

/// The length of the header section at the start of `bytes`, with its empty line; `None` if it is
/// not complete.
pub fn header_section_length(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, b"\r\n\r\n").map(|place| place + 4)
}

/// The length of the body that this header section announces; 0 if it does not.
pub fn content_length(header_section: &str) -> usize {
    let mut fields = header_section
        .lines()
        .filter_map(|line| line.split_once(':'));
    let found = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    found
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or_default()
}

/// What follows the header section of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    Body,
    Chunks,
    Frames,
}

/// What follows this header section of a response.
pub fn body_kind(header_section: &str) -> BodyKind {
    let status = header_section.split(' ').nth(1);
    let is_chunked = header_section.lines().any(|line| {
        let (name, value) = line.split_once(':').unwrap_or_default();
        name.eq_ignore_ascii_case("transfer-encoding")
            && value.trim().eq_ignore_ascii_case("chunked")
    });
    match (status, is_chunked) {
        (Some("101"), _) => BodyKind::Frames,
        (_, true) => BodyKind::Chunks,
        _ => BodyKind::Body,
    }
}

/// Removes the first frame from `pending`; `None` if it is not complete.
pub fn take_frame(pending: &mut Vec<u8>) -> Option<DecodedFrame> {
    let header = FrameHeader::parse(pending)?;
    let end = usize::try_from(header.frame_bytes()).ok()?;
    if pending.len() < end {
        return None;
    }
    let mut payload = pending[header.bytes..end].to_vec();
    if let Some(mask) = header.mask {
        let masks = mask.iter().cycle();
        payload
            .iter_mut()
            .zip(masks)
            .for_each(|(byte, mask)| *byte ^= mask);
    }
    let raw_header = pending[..header.bytes].to_vec();
    pending.drain(..end);
    Some(DecodedFrame {
        header,
        raw_header,
        payload,
    })
}

/// Removes the first chunk from `pending`; `None` if it is not complete or not a valid chunk.
pub fn take_chunk(pending: &mut Vec<u8>) -> Option<DecodedChunk> {
    let line = memchr::memmem::find(pending, b"\r\n")?;
    let size = std::str::from_utf8(&pending[..line]).ok()?;
    let size = usize::from_str_radix(size.trim(), 16).ok()?;
    let start = line + 2;
    let end = start.checked_add(size)?;
    if pending.len() < end.checked_add(2)? {
        return None;
    }
    let data = pending[start..end].to_vec();
    pending.drain(..end + 2);
    Some(DecodedChunk {
        framing: start + 2,
        data,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::{Opcode, unmasked_frame};

    use super::*;

    /// Adds `bytes` in pieces and takes all complete items after each piece.
    fn take_all<T>(
        bytes: &[u8],
        piece: usize,
        take: impl Fn(&mut Vec<u8>) -> Option<T>,
    ) -> (Vec<T>, Vec<u8>) {
        let (mut pending, mut taken) = (Vec::new(), Vec::new());
        for piece in bytes.chunks(piece) {
            pending.extend_from_slice(piece);
            while let Some(item) = take(&mut pending) {
                taken.push(item);
            }
        }
        (taken, pending)
    }

    proptest! {
        #[test]
        fn frames_are_decoded_from_pieces_of_any_size(
            payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..8),
            piece in 1usize..200,
        ) {
            let bytes: Vec<u8> = payloads.iter()
                .flat_map(|payload| unmasked_frame(Opcode::Text, payload).to_vec())
                .collect();
            let (frames, rest) = take_all(&bytes, piece, take_frame);
            prop_assert!(rest.is_empty());
            let read: Vec<_> = frames.iter().map(|frame| frame.payload.clone()).collect();
            prop_assert_eq!(read, payloads);
            let total: usize = frames.iter().map(|f| f.header.frame_bytes() as usize).sum();
            prop_assert_eq!(total, bytes.len());
        }

        #[test]
        fn chunks_are_decoded_from_pieces_of_any_size(
            datas in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..300), 1..8),
            piece in 1usize..200,
        ) {
            let mut bytes = Vec::new();
            for data in &datas {
                bytes.extend_from_slice(format!("{:X}\r\n", data.len()).as_bytes());
                bytes.extend_from_slice(data);
                bytes.extend_from_slice(b"\r\n");
            }
            let (chunks, rest) = take_all(&bytes, piece, take_chunk);
            prop_assert!(rest.is_empty());
            let total: usize = chunks.iter().map(|chunk| chunk.framing + chunk.data.len()).sum();
            prop_assert_eq!(total, bytes.len());
            let read: Vec<_> = chunks.into_iter().map(|chunk| chunk.data).collect();
            prop_assert_eq!(read, datas);
        }

        #[test]
        fn no_input_causes_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            take_all(&bytes, 7, take_frame);
            take_all(&bytes, 7, take_chunk);
        }
    }

    #[test]
    fn a_masked_frame_is_unmasked() {
        // The example of RFC 6455, 5.7.
        let mut bytes = vec![
            0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,
        ];
        let frame = take_frame(&mut bytes).unwrap();
        assert_eq!(frame.payload, b"Hello");
        assert!(frame.header.fin && frame.header.mask.is_some());
        assert_eq!((frame.header.opcode, frame.header.bytes), (1, 6));
    }

    #[test]
    fn the_header_section_determines_the_body_kind() {
        assert_eq!(
            body_kind("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
            BodyKind::Frames
        );
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(body_kind(chunked), BodyKind::Chunks);
        assert_eq!(body_kind("HTTP/1.1 204 No Content\r\n\r\n"), BodyKind::Body);
    }
}

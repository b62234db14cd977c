//! A step of an exchange: a request, a response, a chunk or a frame.

use netlab::Direction;

use crate::inspector::decoder::DecodedFrame;

/// The approximate memory of a step besides its content, in bytes.
pub(super) const STEP_OVERHEAD: usize = 64;

/// A part of an exchange that was completely received or sent.
#[derive(Clone, Debug)]
pub struct Step {
    /// When its last byte was read or written, in microseconds since 1970.
    pub at_us: i64,
    pub direction: Direction,
    /// Its size on the wire, including header section or framing.
    pub bytes: u64,
    pub kind: StepKind,
}

/// What a step is, with its content.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// A request. Its body is counted, but kept only if it is a draft: it may hold a password.
    Request {
        header_section: String,
        body_bytes: u64,
        body: Vec<u8>,
    },
    /// A response. Its body is kept if the exchange brings messages and the body is not a stream.
    Response {
        header_section: String,
        body: Vec<u8>,
    },
    /// A chunk of an event stream.
    Chunk { framing: usize, data: Vec<u8> },
    /// A WebSocket frame.
    Frame(DecodedFrame),
}

impl Step {
    /// The approximate memory that it takes, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        let content = match &self.kind {
            StepKind::Request {
                header_section,
                body,
                ..
            }
            | StepKind::Response {
                header_section,
                body,
            } => header_section.len() + body.len(),
            StepKind::Chunk { data, .. } => data.len(),
            StepKind::Frame(frame) => frame.payload.len(),
        };
        content + STEP_OVERHEAD
    }
}

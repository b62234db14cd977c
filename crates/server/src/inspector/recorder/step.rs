//! One step of an exchange: something whole that crossed the connection.

use netlab::Direction;

use crate::inspector::decoder::Frame;

/// StepKind a step weighs besides its bytes.
pub(super) const STEP_WEIGHT: usize = 64;

/// Something whole that crossed the connection.
#[derive(Clone, Debug)]
pub struct Step {
    /// When its last byte was read or written, in microseconds since 1970.
    pub at_us: i64,
    pub way: Direction,
    /// All its bytes.
    pub bytes: u64,
    pub what: StepKind,
}

#[derive(Clone, Debug)]
pub enum StepKind {
    /// The body is counted, not kept.
    Request {
        head: String,
        body_bytes: u64,
    },
    /// The body is kept where it is a reader's, and not streamed.
    Answer {
        head: String,
        body: Vec<u8>,
    },
    Chunk {
        framing: usize,
        data: Vec<u8>,
    },
    Frame(Frame),
}

impl Step {
    /// The memory that it takes, nearly.
    pub(super) fn weight(&self) -> usize {
        let content = match &self.what {
            StepKind::Request { head, .. } => head.len(),
            StepKind::Answer { head, body } => head.len() + body.len(),
            StepKind::Chunk { data, .. } => data.len(),
            StepKind::Frame(frame) => frame.payload.len(),
        };
        content + STEP_WEIGHT
    }
}

//! Bytes by kind.

/// Bytes of a connection, or of many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    pub up: u64,
    pub down: u64,
    /// Heads of requests and answers, as parts of the two above.
    pub heads_up: u64,
    pub heads_down: u64,
    /// The JSON of messages.
    pub payload: u64,
    pub segments_up: u64,
    pub segments_down: u64,
}

impl Bytes {
    fn zip(self, other: Bytes, with: fn(u64, u64) -> u64) -> Bytes {
        Bytes {
            up: with(self.up, other.up),
            down: with(self.down, other.down),
            heads_up: with(self.heads_up, other.heads_up),
            heads_down: with(self.heads_down, other.heads_down),
            payload: with(self.payload, other.payload),
            segments_up: with(self.segments_up, other.segments_up),
            segments_down: with(self.segments_down, other.segments_down),
        }
    }

    pub fn headers(&self) -> u64 {
        self.heads_up + self.heads_down
    }

    /// What is neither message nor head: frames, chunks, lists, separators.
    pub fn framing(&self) -> u64 {
        self.up + self.down - self.headers() - self.payload
    }
}

impl std::ops::Add for Bytes {
    type Output = Bytes;

    fn add(self, other: Bytes) -> Bytes {
        self.zip(other, |a, b| a + b)
    }
}

impl std::ops::Sub for Bytes {
    type Output = Bytes;

    fn sub(self, other: Bytes) -> Bytes {
        self.zip(other, |a, b| a - b)
    }
}

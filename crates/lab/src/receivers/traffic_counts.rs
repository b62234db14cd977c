//! Bytes by kind, and segments.

/// The bytes and segments of one connection, or of several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrafficCounts {
    pub up: u64,
    pub down: u64,
    /// Header sections of requests and of responses, included in `up` and `down`.
    pub headers_up: u64,
    pub headers_down: u64,
    /// The JSON of messages, included in `down`.
    pub payload: u64,
    pub segments_up: u64,
    pub segments_down: u64,
}

impl TrafficCounts {
    fn zip(self, other: TrafficCounts, with: fn(u64, u64) -> u64) -> TrafficCounts {
        TrafficCounts {
            up: with(self.up, other.up),
            down: with(self.down, other.down),
            headers_up: with(self.headers_up, other.headers_up),
            headers_down: with(self.headers_down, other.headers_down),
            payload: with(self.payload, other.payload),
            segments_up: with(self.segments_up, other.segments_up),
            segments_down: with(self.segments_down, other.segments_down),
        }
    }

    pub fn headers(&self) -> u64 {
        self.headers_up + self.headers_down
    }

    /// All bytes that are neither messages nor header sections: frames, chunks, lists, separators.
    pub fn framing(&self) -> u64 {
        self.up + self.down - self.headers() - self.payload
    }
}

impl std::ops::Add for TrafficCounts {
    type Output = TrafficCounts;

    fn add(self, other: TrafficCounts) -> TrafficCounts {
        self.zip(other, |a, b| a + b)
    }
}

impl std::ops::Sub for TrafficCounts {
    type Output = TrafficCounts;

    fn sub(self, other: TrafficCounts) -> TrafficCounts {
        self.zip(other, |a, b| a - b)
    }
}

//! An exchange: a request and its response, decoded as they are received and sent.

use std::collections::VecDeque;

use netlab::Direction;
use protocol::Transport;

use super::{
    reading::{HistoryRequest, posted_room},
    step::{STEP_OVERHEAD, Step, StepKind},
    subscription::Subscription,
};
use crate::inspector::{
    decoder::{self, BodyKind},
    messages, presence,
};

/// The most bytes of an incomplete item. An exchange with more is not decoded any further.
const MAX_UNDECODED: usize = 64 * 1024;

/// A request and its response; if the response is a stream, with everything sent so far.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// When the first byte of the request was read, in microseconds since 1970.
    pub began_us: i64,
    /// What it reads; `None` if it reads no room.
    pub subscription: Option<Subscription>,
    /// What stored messages it asks for, if it is no reader's.
    pub history: Option<HistoryRequest>,
    pub steps: VecDeque<Step>,
    /// How many steps after the response were dropped.
    pub omitted: u64,
    /// How many bytes presence took in the chunks and frames: up, and down.
    streamed_presence: (u64, u64),
    phase: Phase,
    up: Vec<u8>,
    down: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Recording started after the exchange, and nothing is known of it.
    Unknown,
    ReadingRequest,
    ReadingHeaderSection,
    ReadingBody(BodyKind),
    /// It is not decoded any further.
    Undecodable,
}

impl Exchange {
    /// An exchange whose request starts now.
    pub fn new(now_us: i64) -> Self {
        Exchange {
            began_us: now_us,
            subscription: None,
            history: None,
            steps: VecDeque::new(),
            omitted: 0,
            streamed_presence: (0, 0),
            phase: Phase::ReadingRequest,
            up: Vec::new(),
            down: Vec::new(),
        }
    }

    /// An exchange that was already in progress when recording started.
    pub fn in_progress(now_us: i64, subscription: Option<Subscription>) -> Self {
        let phase = match subscription
            .as_ref()
            .map(|subscription| subscription.transport)
        {
            None => Phase::Unknown,
            Some(Transport::ShortPoll | Transport::LongPoll) => Phase::ReadingHeaderSection,
            Some(Transport::Sse) => Phase::ReadingBody(BodyKind::Chunks),
            Some(Transport::WebSocket) => Phase::ReadingBody(BodyKind::Frames),
        };
        Exchange {
            subscription,
            phase,
            ..Exchange::new(now_us)
        }
    }

    /// It asks for stored messages. Where recording started with it, its response is decoded.
    pub fn set_history(&mut self, history: HistoryRequest) {
        self.history = Some(history);
        if self.phase == Phase::Unknown {
            self.phase = Phase::ReadingHeaderSection;
        }
    }

    /// The room to which it posts a draft over HTTP, if it does.
    pub fn posted_room(&self) -> Option<&str> {
        match &self.steps.front()?.kind {
            StepKind::Request { header_section, .. } => posted_room(header_section),
            _ => None,
        }
    }

    /// Whether any message is in it.
    pub fn has_messages(&self) -> bool {
        let mut steps = self.steps.iter();
        steps.any(|step| messages::delivered(step).next().is_some())
    }

    /// How many bytes in this direction presence took.
    pub fn presence_bytes(&self, direction: Direction) -> u64 {
        let is_response = |step: &&Step| matches!(step.kind, StepKind::Response { .. });
        let in_responses: u64 = self
            .steps
            .iter()
            .filter(is_response)
            .map(presence::bytes)
            .sum();
        let (up, down) = self.streamed_presence;
        match direction {
            Direction::Up => up,
            Direction::Down => down + in_responses,
        }
    }

    /// Whether the next bytes from the client start another exchange.
    pub fn is_over(&self) -> bool {
        !matches!(
            self.phase,
            Phase::ReadingRequest | Phase::ReadingBody(BodyKind::Frames) | Phase::Undecodable
        )
    }

    /// Decodes bytes from the client.
    pub fn received(&mut self, bytes: &[u8], now_us: i64) {
        match self.phase {
            Phase::ReadingRequest => self.read_request(bytes, now_us),
            Phase::ReadingBody(BodyKind::Frames) => {
                self.up.extend_from_slice(bytes);
                self.read_frames(Direction::Up, now_us);
            }
            _ => {}
        }
    }

    /// Decodes bytes to the client.
    pub fn sent(&mut self, bytes: &[u8], now_us: i64) {
        if self.phase == Phase::ReadingRequest {
            self.up = Vec::new();
            self.phase = Phase::ReadingHeaderSection;
        }
        match self.phase {
            Phase::ReadingHeaderSection => {
                self.down.extend_from_slice(bytes);
                self.read_header_section(now_us);
            }
            Phase::ReadingBody(BodyKind::Body) => self.read_body(bytes, now_us),
            Phase::ReadingBody(_) => {
                self.down.extend_from_slice(bytes);
                self.read_stream(now_us);
            }
            _ => {}
        }
    }

    /// The approximate memory that it takes, in bytes.
    pub fn memory_bytes(&self) -> usize {
        let steps: usize = self.steps.iter().map(Step::memory_bytes).sum();
        steps + self.up.len() + self.down.len() + STEP_OVERHEAD
    }

    /// Drops the oldest step of a stream. Returns whether there was one.
    pub fn drop_oldest_step(&mut self) -> bool {
        let is_request_or_response = |step: &Step| {
            matches!(
                step.kind,
                StepKind::Request { .. } | StepKind::Response { .. }
            )
        };
        let oldest = self
            .steps
            .iter()
            .position(|step| !is_request_or_response(step));
        if let Some(index) = oldest.filter(|_| self.steps.len() > 3) {
            self.steps.remove(index);
            self.omitted += 1;
            return true;
        }
        false
    }

    fn read_request(&mut self, bytes: &[u8], now_us: i64) {
        if let Some(Step {
            kind:
                StepKind::Request {
                    header_section,
                    body_bytes,
                    body,
                },
            bytes: all,
            ..
        }) = self.steps.front_mut()
        {
            *body_bytes += bytes.len() as u64;
            *all += bytes.len() as u64;
            let rest = kept_of_body(header_section).saturating_sub(body.len());
            body.extend_from_slice(&bytes[..bytes.len().min(rest)]);
            return;
        }
        self.up.extend_from_slice(bytes);
        if let Some(end) = decoder::header_section_length(&self.up) {
            let header_section = String::from_utf8_lossy(&self.up[..end]).into_owned();
            let all = self.up.len() as u64;
            let mut body = self.up.split_off(end);
            let body_bytes = body.len() as u64;
            body.truncate(kept_of_body(&header_section));
            self.up = Vec::new();
            let kind = StepKind::Request {
                header_section,
                body_bytes,
                body,
            };
            self.add_step(Direction::Up, all, kind, now_us);
        } else {
            self.enforce_limit();
        }
    }

    fn read_header_section(&mut self, now_us: i64) {
        let Some(end) = decoder::header_section_length(&self.down) else {
            return self.enforce_limit();
        };
        let rest = self.down.split_off(end);
        let header_section = String::from_utf8_lossy(&self.down).into_owned();
        self.down = Vec::new();
        let body_kind = decoder::body_kind(&header_section);
        self.phase = Phase::ReadingBody(body_kind);
        let kind = StepKind::Response {
            header_section,
            body: Vec::new(),
        };
        self.add_step(Direction::Down, end as u64, kind, now_us);
        if !rest.is_empty() {
            self.sent(&rest, now_us);
        }
    }

    fn read_body(&mut self, bytes: &[u8], now_us: i64) {
        let keeps_body =
            self.subscription.is_some() || self.history.is_some() || self.posted_room().is_some();
        if let Some(step) = self.steps.back_mut() {
            step.bytes += bytes.len() as u64;
            step.at_us = now_us;
            if let StepKind::Response { body, .. } = &mut step.kind
                && keeps_body
                && body.len() < MAX_UNDECODED
            {
                body.extend_from_slice(bytes);
            }
        }
    }

    fn read_stream(&mut self, now_us: i64) {
        if self.phase == Phase::ReadingBody(BodyKind::Frames) {
            return self.read_frames(Direction::Down, now_us);
        }
        while let Some(chunk) = decoder::take_chunk(&mut self.down) {
            let bytes = (chunk.framing + chunk.data.len()) as u64;
            let kind = StepKind::Chunk {
                framing: chunk.framing,
                data: chunk.data,
            };
            self.add_step(Direction::Down, bytes, kind, now_us);
        }
        self.enforce_limit();
    }

    fn read_frames(&mut self, direction: Direction, now_us: i64) {
        let pending = |exchange: &mut Self| match direction {
            Direction::Up => decoder::take_frame(&mut exchange.up),
            Direction::Down => decoder::take_frame(&mut exchange.down),
        };
        while let Some(frame) = pending(self) {
            let bytes = frame.header.frame_bytes();
            self.add_step(direction, bytes, StepKind::Frame(frame), now_us);
        }
        self.enforce_limit();
    }

    fn add_step(&mut self, direction: Direction, bytes: u64, kind: StepKind, at_us: i64) {
        let step = Step {
            at_us,
            direction,
            bytes,
            kind,
        };
        if !matches!(step.kind, StepKind::Response { .. }) {
            let bytes = presence::bytes(&step);
            match direction {
                Direction::Up => self.streamed_presence.0 += bytes,
                Direction::Down => self.streamed_presence.1 += bytes,
            }
        }
        self.steps.push_back(step);
    }

    fn enforce_limit(&mut self) {
        if self.up.len().max(self.down.len()) > MAX_UNDECODED {
            self.phase = Phase::Undecodable;
            self.up = Vec::new();
            self.down = Vec::new();
        }
    }
}

/// How many bytes are kept of the body of the request with this header section: those of a draft, without another
/// request that may follow in one piece.
fn kept_of_body(header_section: &str) -> usize {
    match posted_room(header_section) {
        Some(_) => decoder::content_length(header_section).min(MAX_UNDECODED),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};
    use protocol::{Opcode, unmasked_frame};

    use super::*;

    const RESPONSES: &[&[u8]] = &[
        b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nb;x=y\r\nhello world\r\n0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x03one\x89\x00\x88\x02\x03\xe8",
        b"HTTP/1.1 204 No Content\r\n\r\n",
    ];

    /// What each step is, but for the time.
    fn decoded(parts: &[&[u8]]) -> Vec<(u64, String)> {
        let mut exchange = Exchange::new(0);
        exchange.received(REQUEST, 0);
        exchange.subscription = subscription(Transport::Sse);
        for part in parts {
            exchange.sent(part, 1);
        }
        let steps = exchange.steps.iter();
        steps
            .map(|step| (step.bytes, format!("{:?}", step.kind)))
            .collect()
    }

    proptest! {
        #[test]
        fn it_makes_no_difference_how_a_response_is_cut(
            bytes in corpus::mutated_bytes(RESPONSES), cuts in proptest::collection::vec(any::<Index>(), 0..5),
        ) {
            let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            cuts.sort_unstable();
            let mut parts = Vec::new();
            let mut begin = 0;
            for cut in cuts.into_iter().chain([bytes.len()]) {
                parts.push(&bytes[begin..cut]);
                begin = cut;
            }
            prop_assert_eq!(decoded(&parts), decoded(&[&bytes]));
        }
    }

    const REQUEST: &[u8] = b"GET /api/rooms/r/messages?after=1 HTTP/1.1\r\nHost: a\r\n\r\n";

    fn subscription(transport: Transport) -> Option<Subscription> {
        Some(Subscription {
            room: "r".into(),
            tab: None,
            transport,
        })
    }

    #[test]
    fn a_poll_is_a_request_and_a_response_with_its_body() {
        let mut exchange = Exchange::new(5);
        exchange.received(&REQUEST[..20], 5);
        exchange.received(&REQUEST[20..], 6);
        exchange.subscription = subscription(Transport::ShortPoll);
        assert!(!exchange.is_over());
        exchange.sent(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab", 9);
        exchange.sent(b"cd", 10);
        assert!(exchange.is_over());
        let [request, response] = exchange.steps.make_contiguous() else {
            panic!("two steps");
        };
        assert_eq!((request.bytes, request.at_us), (REQUEST.len() as u64, 6));
        let StepKind::Response { body, .. } = &response.kind else {
            panic!("a response");
        };
        assert_eq!(
            (&body[..], response.bytes, response.at_us),
            (&b"abcd"[..], 42, 10)
        );
    }

    #[test]
    fn a_websocket_has_frames_in_both_directions() {
        let mut exchange = Exchange::new(0);
        exchange.received(REQUEST, 0);
        exchange.sent(b"HTTP/1.1 101 Switching Protocols\r\n\r\n", 1);
        assert!(!exchange.is_over());
        exchange.sent(&unmasked_frame(Opcode::Text, b"one"), 2);
        exchange.received(&[0x81, 0x80, 1, 2, 3, 4], 3);
        let directions: Vec<_> = exchange.steps.iter().map(|step| step.direction).collect();
        assert_eq!(
            directions,
            [
                Direction::Up,
                Direction::Down,
                Direction::Down,
                Direction::Up
            ]
        );
        assert_eq!(exchange.steps[2].bytes, 5);
    }

    #[test]
    fn a_stream_drops_its_oldest_steps_and_keeps_request_and_response() {
        let mut exchange = Exchange::new(0);
        exchange.received(REQUEST, 0);
        exchange.sent(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n1\r\nc\r\n",
            1,
        );
        assert_eq!(exchange.steps.len(), 5);
        assert!(
            exchange.drop_oldest_step()
                && exchange.drop_oldest_step()
                && !exchange.drop_oldest_step()
        );
        let StepKind::Chunk { data, .. } = &exchange.steps[2].kind else {
            panic!("a chunk");
        };
        assert_eq!((&data[..], exchange.omitted), (&b"c"[..], 2));
    }

    #[test]
    fn bodies_are_not_kept_without_a_subscription() {
        let mut exchange = Exchange::new(0);
        exchange.received(b"POST /x HTTP/1.1\r\n\r\n{\"password\":1}", 0);
        exchange.sent(b"HTTP/1.1 200 OK\r\n\r\nsecret", 1);
        assert!(!format!("{exchange:?}").contains("password"));
        let StepKind::Response { body, .. } = &exchange.steps[1].kind else {
            panic!("a response");
        };
        assert!(body.is_empty());
        assert_eq!(exchange.steps[1].bytes, 25);
    }

    #[test]
    fn the_body_of_a_posted_draft_is_kept_and_nothing_after_it() {
        let mut exchange = Exchange::new(0);
        let head = b"POST /api/rooms/r/messages HTTP/1.1\r\nContent-Length: 12\r\n\r\n";
        exchange.received(&[&head[..], b"{\"body\""].concat(), 0);
        exchange.received(b":\"a\"}POST /api/sessions HTTP/1.1\r\n\r\nsecret", 0);
        let StepKind::Request { body, .. } = &exchange.steps[0].kind else {
            panic!("a request");
        };
        assert_eq!(body, b"{\"body\":\"a\"}");
    }

    #[test]
    fn an_exchange_in_progress_is_decoded_from_then_on() {
        let mut exchange = Exchange::in_progress(0, subscription(Transport::WebSocket));
        exchange.sent(&unmasked_frame(Opcode::Text, b"one"), 2);
        assert_eq!(exchange.steps.len(), 1);
        let mut unknown = Exchange::in_progress(0, None);
        unknown.sent(b"whatever", 1);
        assert!(unknown.is_over() && unknown.steps.is_empty());
    }
}

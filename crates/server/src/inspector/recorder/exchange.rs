//! One request and everything that came of it, as it crossed the connection.

use std::collections::VecDeque;

use netlab::Direction;
use protocol::Transport;

use super::{
    step::{STEP_WEIGHT, Step, StepKind},
    subscription::Subscription,
};
use crate::inspector::decoder::{self, BodyKind};

/// StepKind is not whole yet may be so long; longer is not followed any more.
const MOST_PENDING: usize = 64 * 1024;

/// A request, its answer, and, where that is a stream, what came of it since.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// When the first byte of the request was read, in microseconds since 1970.
    pub began_us: i64,
    /// StepKind it read, if it was a reader's.
    pub subscription: Option<Subscription>,
    pub steps: VecDeque<Step>,
    /// Steps that were left out behind the answer's head.
    pub omitted: u64,
    state: State,
    up: Vec<u8>,
    down: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing is known of what came before: this was opened before anybody looked.
    Joined,
    Asked,
    Answering,
    BodyKind(BodyKind),
    /// It cannot be followed any more.
    Lost,
}

impl Exchange {
    /// One that begins now, with a request.
    pub fn new(now_us: i64) -> Self {
        Exchange {
            began_us: now_us,
            subscription: None,
            steps: VecDeque::new(),
            omitted: 0,
            state: State::Asked,
            up: Vec::new(),
            down: Vec::new(),
        }
    }

    /// One that began before anybody looked, and subscription this.
    pub fn joined(now_us: i64, subscription: Option<Subscription>) -> Self {
        let state = match subscription
            .as_ref()
            .map(|subscription| subscription.transport)
        {
            None => State::Joined,
            Some(Transport::ShortPoll | Transport::LongPoll) => State::Answering,
            Some(Transport::Sse) => State::BodyKind(BodyKind::Chunks),
            Some(Transport::WebSocket) => State::BodyKind(BodyKind::Frames),
        };
        Exchange {
            subscription,
            state,
            ..Exchange::new(now_us)
        }
    }

    /// Whether bytes that come now begin another exchange.
    pub fn is_over(&self) -> bool {
        !matches!(
            self.state,
            State::Asked | State::BodyKind(BodyKind::Frames) | State::Lost
        )
    }

    pub fn received(&mut self, bytes: &[u8], now_us: i64) {
        match self.state {
            State::Asked => self.request(bytes, now_us),
            State::BodyKind(BodyKind::Frames) => {
                self.up.extend_from_slice(bytes);
                self.frames(Direction::Up, now_us);
            }
            _ => {}
        }
    }

    pub fn sent(&mut self, bytes: &[u8], now_us: i64) {
        if self.state == State::Asked {
            self.up = Vec::new();
            self.state = State::Answering;
        }
        match self.state {
            State::Answering => {
                self.down.extend_from_slice(bytes);
                self.answer(now_us);
            }
            State::BodyKind(BodyKind::Body) => self.body(bytes, now_us),
            State::BodyKind(_) => {
                self.down.extend_from_slice(bytes);
                self.stream(now_us);
            }
            _ => {}
        }
    }

    /// The memory that it takes, nearly.
    pub fn weight(&self) -> usize {
        let steps: usize = self.steps.iter().map(Step::weight).sum();
        steps + self.up.len() + self.down.len() + STEP_WEIGHT
    }

    /// Lets go of the oldest step of a stream; answers whether there was one.
    pub fn forget_one(&mut self) -> bool {
        let is_head = |step: &Step| {
            matches!(
                step.what,
                StepKind::Request { .. } | StepKind::Answer { .. }
            )
        };
        let oldest = self.steps.iter().position(|step| !is_head(step));
        if let Some(place) = oldest.filter(|_| self.steps.len() > 3) {
            self.steps.remove(place);
            self.omitted += 1;
            return true;
        }
        false
    }

    fn request(&mut self, bytes: &[u8], now_us: i64) {
        if let Some(Step {
            what: StepKind::Request { body_bytes, .. },
            bytes: all,
            ..
        }) = self.steps.front_mut()
        {
            *body_bytes += bytes.len() as u64;
            *all += bytes.len() as u64;
            return;
        }
        self.up.extend_from_slice(bytes);
        if let Some(end) = decoder::head_length(&self.up) {
            let head = String::from_utf8_lossy(&self.up[..end]).into_owned();
            let (all, body_bytes) = (self.up.len() as u64, (self.up.len() - end) as u64);
            self.up = Vec::new();
            self.step(
                Direction::Up,
                all,
                StepKind::Request { head, body_bytes },
                now_us,
            );
        } else {
            self.bound();
        }
    }

    fn answer(&mut self, now_us: i64) {
        let Some(end) = decoder::head_length(&self.down) else {
            return self.bound();
        };
        let rest = self.down.split_off(end);
        let head = String::from_utf8_lossy(&self.down).into_owned();
        self.down = Vec::new();
        let follows = decoder::announced(&head);
        self.state = State::BodyKind(follows);
        let what = StepKind::Answer {
            head,
            body: Vec::new(),
        };
        self.step(Direction::Down, end as u64, what, now_us);
        if !rest.is_empty() {
            self.sent(&rest, now_us);
        }
    }

    fn body(&mut self, bytes: &[u8], now_us: i64) {
        let is_read = self.subscription.is_some();
        if let Some(step) = self.steps.back_mut() {
            step.bytes += bytes.len() as u64;
            step.at_us = now_us;
            if let StepKind::Answer { body, .. } = &mut step.what
                && is_read
                && body.len() < MOST_PENDING
            {
                body.extend_from_slice(bytes);
            }
        }
    }

    fn stream(&mut self, now_us: i64) {
        if self.state == State::BodyKind(BodyKind::Frames) {
            return self.frames(Direction::Down, now_us);
        }
        while let Some(chunk) = decoder::take_chunk(&mut self.down) {
            let bytes = (chunk.framing + chunk.data.len()) as u64;
            let what = StepKind::Chunk {
                framing: chunk.framing,
                data: chunk.data,
            };
            self.step(Direction::Down, bytes, what, now_us);
        }
        self.bound();
    }

    fn frames(&mut self, way: Direction, now_us: i64) {
        let pending = |exchange: &mut Self| match way {
            Direction::Up => decoder::take_frame(&mut exchange.up),
            Direction::Down => decoder::take_frame(&mut exchange.down),
        };
        while let Some(frame) = pending(self) {
            let bytes = frame.header.frame_bytes();
            self.step(way, bytes, StepKind::Frame(frame), now_us);
        }
        self.bound();
    }

    fn step(&mut self, way: Direction, bytes: u64, what: StepKind, at_us: i64) {
        self.steps.push_back(Step {
            at_us,
            way,
            bytes,
            what,
        });
    }

    fn bound(&mut self) {
        if self.up.len().max(self.down.len()) > MOST_PENDING {
            self.state = State::Lost;
            self.up = Vec::new();
            self.down = Vec::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Opcode, unmasked_frame};

    const REQUEST: &[u8] = b"GET /api/rooms/r/messages?after=1 HTTP/1.1\r\nHost: a\r\n\r\n";

    fn subscription(transport: Transport) -> Option<Subscription> {
        Some(Subscription {
            room: "r".into(),
            tab: None,
            transport,
        })
    }

    #[test]
    fn a_poll_is_a_request_and_an_answer_with_its_body() {
        let mut exchange = Exchange::new(5);
        exchange.received(&REQUEST[..20], 5);
        exchange.received(&REQUEST[20..], 6);
        exchange.subscription = subscription(Transport::ShortPoll);
        assert!(!exchange.is_over());
        exchange.sent(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab", 9);
        exchange.sent(b"cd", 10);
        assert!(exchange.is_over());
        let [request, answer] = exchange.steps.make_contiguous() else {
            panic!("two steps");
        };
        assert_eq!((request.bytes, request.at_us), (REQUEST.len() as u64, 6));
        let StepKind::Answer { body, .. } = &answer.what else {
            panic!("an answer");
        };
        assert_eq!(
            (&body[..], answer.bytes, answer.at_us),
            (&b"abcd"[..], 42, 10)
        );
    }

    #[test]
    fn a_socket_goes_both_ways_after_its_handshake() {
        let mut exchange = Exchange::new(0);
        exchange.received(REQUEST, 0);
        exchange.sent(b"HTTP/1.1 101 Switching Protocols\r\n\r\n", 1);
        assert!(!exchange.is_over());
        exchange.sent(&unmasked_frame(Opcode::Text, b"one"), 2);
        exchange.received(&[0x81, 0x80, 1, 2, 3, 4], 3);
        let ways: Vec<_> = exchange.steps.iter().map(|step| step.way).collect();
        assert_eq!(
            ways,
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
    fn a_stream_forgets_its_oldest_steps_and_keeps_its_heads() {
        let mut exchange = Exchange::new(0);
        exchange.received(REQUEST, 0);
        exchange.sent(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n1\r\nc\r\n",
            1,
        );
        assert_eq!(exchange.steps.len(), 5);
        assert!(exchange.forget_one() && exchange.forget_one() && !exchange.forget_one());
        let StepKind::Chunk { data, .. } = &exchange.steps[2].what else {
            panic!("a chunk");
        };
        assert_eq!((&data[..], exchange.omitted), (&b"c"[..], 2));
    }

    #[test]
    fn what_nobody_reads_keeps_no_body() {
        let mut exchange = Exchange::new(0);
        exchange.received(b"POST /x HTTP/1.1\r\n\r\n{\"password\":1}", 0);
        exchange.sent(b"HTTP/1.1 200 OK\r\n\r\nsecret", 1);
        assert!(!format!("{exchange:?}").contains("password"));
        let StepKind::Answer { body, .. } = &exchange.steps[1].what else {
            panic!("an answer");
        };
        assert!(body.is_empty());
        assert_eq!(exchange.steps[1].bytes, 25);
    }

    #[test]
    fn what_was_opened_before_is_followed_from_where_it_is() {
        let mut exchange = Exchange::joined(0, subscription(Transport::WebSocket));
        exchange.sent(&unmasked_frame(Opcode::Text, b"one"), 2);
        assert_eq!(exchange.steps.len(), 1);
        let mut unknown = Exchange::joined(0, None);
        unknown.sent(b"whatever", 1);
        assert!(unknown.is_over() && unknown.steps.is_empty());
    }
}

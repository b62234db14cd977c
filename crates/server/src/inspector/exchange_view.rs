//! An exchange as JSON.

use std::sync::Arc;

use netlab::Direction;
use protocol::{FrameHeader, Transport};
use serde::Serialize;

use super::{
    messages,
    recorder::{ConnectionRecorder, Exchange, Step, StepKind},
};

/// How many steps of a stream are shown before and after the one asked for.
const AROUND: usize = 3;

#[derive(Serialize)]
pub struct View {
    connection: u64,
    server: Option<&'static str>,
    room: Arc<str>,
    tab: Option<Arc<str>>,
    transport: Transport,
    /// Milliseconds since 1970, by this server's clock.
    began_at_ms: f64,
    /// Steps left out between the answer's head and the first that is shown of the stream.
    omitted: u64,
    steps: Vec<StepView>,
}

#[derive(Serialize)]
struct StepView {
    /// Milliseconds since the exchange began.
    at_ms: f64,
    way: &'static str,
    /// Whatever of it is not `message_bytes` is what the transport costs.
    bytes: u64,
    /// The messages that it carries, by `seq`.
    messages: Vec<u64>,
    /// The bytes of the message asked for, if it carries that.
    message_bytes: u64,
    #[serde(flatten)]
    what: StepKindView,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum StepKindView {
    Request {
        head: String,
        body_bytes: u64,
    },
    Answer {
        head: String,
        body_bytes: usize,
        text: String,
    },
    Chunk {
        framing_bytes: usize,
        event: &'static str,
        text: String,
    },
    Frame {
        frame: FrameView,
        text: String,
    },
}

#[derive(Serialize)]
struct FrameView {
    fin: bool,
    opcode: u8,
    name: &'static str,
    masked: bool,
    header_bytes: usize,
    length: u64,
    /// The head as it was sent, in hex.
    first_bytes: String,
}

/// The exchange, with the steps around the one that carries the message; `None` where none does.
pub fn view(recorder: &ConnectionRecorder, exchange: Exchange, seq: u64) -> Option<View> {
    let began_us = exchange.began_us;
    let subscription = exchange.subscription?;
    let carrier = exchange
        .steps
        .iter()
        .position(|step| messages::find(step, seq).is_some())?;
    let is_shown = |place: usize, step: &Step| {
        let is_head = matches!(
            step.what,
            StepKind::Request { .. } | StepKind::Answer { .. }
        );
        is_head || place.abs_diff(carrier) <= AROUND
    };
    let left_out = (0..carrier)
        .filter(|place| !is_shown(*place, &exchange.steps[*place]))
        .count();
    let steps = exchange.steps.iter().enumerate();
    Some(View {
        connection: recorder.id,
        server: recorder.server,
        room: subscription.room,
        tab: subscription.tab,
        transport: subscription.transport,
        began_at_ms: began_us as f64 / 1_000.0,
        omitted: exchange.omitted + left_out as u64,
        steps: steps
            .filter(|(place, step)| is_shown(*place, step))
            .map(|(_, step)| step_view(step, began_us, seq))
            .collect(),
    })
}

fn step_view(step: &Step, began_us: i64, seq: u64) -> StepView {
    StepView {
        at_ms: (step.at_us - began_us) as f64 / 1_000.0,
        way: match step.way {
            Direction::Up => "up",
            Direction::Down => "down",
        },
        bytes: step.bytes,
        messages: messages::of(step).map(|(seq, _)| seq).collect(),
        message_bytes: messages::find(step, seq).unwrap_or_default() as u64,
        what: what_view(&step.what),
    }
}

fn what_view(what: &StepKind) -> StepKindView {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match what {
        StepKind::Request { head, body_bytes } => StepKindView::Request {
            head: without_secrets(head),
            body_bytes: *body_bytes,
        },
        StepKind::Answer { head, body } => StepKindView::Answer {
            head: without_secrets(head),
            body_bytes: body.len(),
            text: text(body),
        },
        StepKind::Chunk { framing, data } => StepKindView::Chunk {
            framing_bytes: *framing,
            event: event(data),
            text: text(data),
        },
        StepKind::Frame(frame) => StepKindView::Frame {
            frame: frame_view(&frame.header, &frame.raw_header),
            text: match frame.header.opcode {
                CLOSE => String::new(),
                _ => text(&frame.payload),
            },
        },
    }
}

const CLOSE: u8 = 8;

fn frame_view(header: &FrameHeader, raw: &[u8]) -> FrameView {
    let hex: Vec<_> = raw.iter().map(|byte| format!("{byte:02x}")).collect();
    FrameView {
        fin: header.fin,
        opcode: header.opcode,
        name: match header.opcode {
            0 => "continuation",
            1 => "text",
            2 => "binary",
            CLOSE => "close",
            9 => "ping",
            10 => "pong",
            _ => "reserved",
        },
        masked: header.mask.is_some(),
        header_bytes: header.bytes,
        length: header.payload_bytes,
        first_bytes: hex.join(" "),
    }
}

/// StepKind kind of block of an event stream this is.
fn event(data: &[u8]) -> &'static str {
    if data.starts_with(b":") {
        "comment"
    } else if data.starts_with(b"event: presence") {
        "presence"
    } else if memchr::memmem::find(data, b"data:").is_some() {
        "message"
    } else {
        "cursor"
    }
}

/// The head without the values that sign a browser in. Scripts must not see them, and this is read
/// by one.
fn without_secrets(head: &str) -> String {
    let hidden = |line: &str| match line.split_once(": ") {
        Some((name, value))
            if name.eq_ignore_ascii_case("cookie") || name.eq_ignore_ascii_case("set-cookie") =>
        {
            format!("{name}: ({} bytes, hidden)", value.len())
        }
        _ => line.to_owned(),
    };
    let lines: Vec<_> = head.split("\r\n").map(hidden).collect();
    lines.join("\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_told_by_their_length_alone() {
        let head = "GET / HTTP/1.1\r\nHost: a\r\nCookie: pushlab=secret\r\n\r\n";
        let shown = without_secrets(head);
        assert!(!shown.contains("secret") && shown.contains("Cookie: (14 bytes, hidden)"));
        assert!(shown.ends_with("\r\n\r\n"));
    }
}

//! A step of an exchange as JSON.

use netlab::Direction;
use protocol::FrameHeader;
use serde::Serialize;

use super::{
    messages,
    recorder::{Step, StepKind},
};

#[derive(Serialize)]
pub struct StepView {
    /// Milliseconds since the exchange started.
    at_ms: f64,
    #[serde(rename = "way")]
    direction: &'static str,
    /// Its size on the wire. What exceeds `message_bytes` is the overhead of the transport.
    bytes: u64,
    /// The `seq`s of the messages that it delivers.
    messages: Vec<u64>,
    /// The size of all of them.
    delivered_bytes: usize,
    /// The size of the requested message; 0 if the step does not deliver it.
    message_bytes: u64,
    /// What it is for the author of the requested message.
    #[serde(skip_serializing_if = "Option::is_none")]
    post: Option<PostRole>,
    #[serde(flatten)]
    kind: StepKindView,
}

/// What a step is for the author of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PostRole {
    /// It brings the draft to the server.
    Draft,
    /// It tells its author that the draft is stored.
    Acknowledgement,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum StepKindView {
    Request {
        #[serde(rename = "head")]
        header_section: String,
        body_bytes: u64,
        /// Empty, unless it is a draft.
        text: String,
    },
    #[serde(rename = "answer")]
    Response {
        #[serde(rename = "head")]
        header_section: String,
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
    /// The frame's header as it was sent, in hex.
    first_bytes: String,
}

/// The role of a step on a stream for the author of the message whose draft had this key.
pub fn role_in_stream(step: &Step, key: &str) -> Option<PostRole> {
    let is_frame = matches!(step.kind, StepKind::Frame(_));
    if is_frame && messages::posted_key(step).is_some_and(|posted| posted == key) {
        return Some(PostRole::Draft);
    }
    messages::acknowledges(step, key).then_some(PostRole::Acknowledgement)
}

pub fn step_view(step: &Step, began_us: i64, seq: u64, post: Option<PostRole>) -> StepView {
    StepView {
        at_ms: (step.at_us - began_us) as f64 / 1_000.0,
        direction: match step.direction {
            Direction::Up => "up",
            Direction::Down => "down",
        },
        bytes: step.bytes,
        messages: messages::delivered(step).map(|(seq, _)| seq).collect(),
        delivered_bytes: messages::delivered(step).map(|(_, bytes)| bytes).sum(),
        message_bytes: messages::size_of(step, seq).unwrap_or_default() as u64,
        post,
        kind: step_kind_view(&step.kind),
    }
}

fn step_kind_view(kind: &StepKind) -> StepKindView {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match kind {
        StepKind::Request {
            header_section,
            body_bytes,
            body,
        } => StepKindView::Request {
            header_section: without_secrets(header_section),
            body_bytes: *body_bytes,
            text: text(body),
        },
        StepKind::Response {
            header_section,
            body,
        } => StepKindView::Response {
            header_section: without_secrets(header_section),
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

/// The kind of this block of an event stream.
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

/// The header section without the values of cookies. They are `HttpOnly`, and this is shown to a
/// script.
fn without_secrets(header_section: &str) -> String {
    let hidden = |line: &str| match line.split_once(": ") {
        Some((name, value))
            if name.eq_ignore_ascii_case("cookie") || name.eq_ignore_ascii_case("set-cookie") =>
        {
            format!("{name}: ({} bytes, hidden)", value.len())
        }
        _ => line.to_owned(),
    };
    let lines: Vec<_> = header_section.split("\r\n").map(hidden).collect();
    lines.join("\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_replaced_by_their_length() {
        let header_section = "GET / HTTP/1.1\r\nHost: a\r\nCookie: pushlab=secret\r\n\r\n";
        let shown = without_secrets(header_section);
        assert!(!shown.contains("secret") && shown.contains("Cookie: (14 bytes, hidden)"));
        assert!(shown.ends_with("\r\n\r\n"));
    }
}

//! How a message got to its reader: the exchange that carried it, as it crossed the connection.

use std::sync::Arc;

use actix_web::{HttpResponse, http::Method, http::StatusCode, web};
use serde::{Serialize, de::IgnoredAny};

use super::{
    Caller, Error, Params, State, answer, connections::Wanted, identity::Held, only, reading,
};
use crate::{
    net::{
        Way,
        tap::{Exchange, FrameHead, Step, Tap, What},
    },
    wire::Transport,
};

/// How many steps of a stream are shown before and after the one asked for.
const AROUND: usize = 3;

pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/exchanges")
            .route(reading().to(show))
            .default_service(only(&[Method::GET, Method::HEAD])),
    );
}

#[derive(Serialize)]
struct View {
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
    what: WhatView,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum WhatView {
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

async fn show(
    _: Caller,
    held: Held,
    params: Params,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let wanted = Wanted::from(&params)?;
    let seq = params
        .seq("seq")?
        .ok_or_else(|| Error::invalid("seq", "must be the seq of a message"))?;
    let carries = |exchange: &Exchange| {
        let is_wanted = exchange
            .reads
            .as_ref()
            .is_some_and(|reads| wanted.is(reads));
        is_wanted && exchange.steps.iter().any(|step| find(step, seq).is_some())
    };
    let found = state.taps.exchange(&held.numbers(), carries);
    let view = found.and_then(|(tap, exchange)| view(&tap, exchange, seq));
    let view = view.ok_or_else(|| {
        Error::not_found(
            "how this message got here is not known (any more): it is recorded while a page of \
             yours looks, and some 64 KiB of a connection are kept",
        )
    })?;
    Ok(answer::json(StatusCode::OK, &view))
}

fn view(tap: &Tap, exchange: Exchange, seq: u64) -> Option<View> {
    let began_us = exchange.began_us;
    let reads = exchange.reads?;
    let carrier = exchange
        .steps
        .iter()
        .position(|step| find(step, seq).is_some())?;
    let is_shown = |place: usize, step: &Step| {
        let is_head = matches!(step.what, What::Request { .. } | What::Answer { .. });
        is_head || place.abs_diff(carrier) <= AROUND
    };
    let left_out = (0..carrier)
        .filter(|place| !is_shown(*place, &exchange.steps[*place]))
        .count();
    let steps = exchange.steps.iter().enumerate();
    Some(View {
        connection: tap.id,
        server: tap.server,
        room: reads.room,
        tab: reads.tab,
        transport: reads.transport,
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
            Way::Up => "up",
            Way::Down => "down",
        },
        bytes: step.bytes,
        messages: messages(content(step)).map(|(seq, _)| seq).collect(),
        message_bytes: find(step, seq).unwrap_or_default() as u64,
        what: what_view(&step.what),
    }
}

fn what_view(what: &What) -> WhatView {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match what {
        What::Request { head, body_bytes } => WhatView::Request {
            head: without_secrets(head),
            body_bytes: *body_bytes,
        },
        What::Answer { head, body } => WhatView::Answer {
            head: without_secrets(head),
            body_bytes: body.len(),
            text: text(body),
        },
        What::Chunk { framing, data } => WhatView::Chunk {
            framing_bytes: *framing,
            event: event(data),
            text: text(data),
        },
        What::Frame(frame) => WhatView::Frame {
            frame: frame_view(&frame.head, &frame.raw_head),
            text: match frame.head.opcode {
                CLOSE => String::new(),
                _ => text(&frame.payload),
            },
        },
    }
}

const CLOSE: u8 = 8;

fn frame_view(head: &FrameHead, raw: &[u8]) -> FrameView {
    let hex: Vec<_> = raw.iter().map(|byte| format!("{byte:02x}")).collect();
    FrameView {
        fin: head.fin,
        opcode: head.opcode,
        name: match head.opcode {
            0 => "continuation",
            1 => "text",
            2 => "binary",
            CLOSE => "close",
            9 => "ping",
            10 => "pong",
            _ => "reserved",
        },
        masked: head.masked,
        header_bytes: head.bytes,
        length: head.length,
        first_bytes: hex.join(" "),
    }
}

/// What kind of block of an event stream this is.
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

/// The bytes of the message with this `seq`, if the step carries it to its reader.
fn find(step: &Step, seq: u64) -> Option<usize> {
    messages(content(step))
        .find(|(other, _)| *other == seq)
        .map(|(_, bytes)| bytes)
}

fn content(step: &Step) -> &[u8] {
    match (&step.what, step.way) {
        (What::Answer { body, .. }, _) => body,
        (What::Chunk { data, .. }, _) => data,
        (What::Frame(frame), Way::Down) => &frame.payload,
        _ => &[],
    }
}

/// The messages in `content`, each with its `seq` and its length. Their bytes begin alike in every
/// envelope: nothing else does, as a quotation mark inside a string is escaped.
fn messages(content: &[u8]) -> impl Iterator<Item = (u64, usize)> + '_ {
    const BEGINS: &[u8] = b"{\"seq\":";
    memchr::memmem::find_iter(content, BEGINS).filter_map(|place| {
        let json = &content[place..];
        let digits: Vec<u8> = json[BEGINS.len()..]
            .iter()
            .copied()
            .take_while(u8::is_ascii_digit)
            .collect();
        let seq = std::str::from_utf8(&digits).ok()?.parse().ok()?;
        let mut values = serde_json::Deserializer::from_slice(json).into_iter::<IgnoredAny>();
        values.next()?.ok()?;
        Some((seq, values.byte_offset()))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::{Message, Packed, encode_answer};

    fn message(seq: u64, body: String) -> Packed {
        Packed::new(&Message {
            seq,
            room: "r".into(),
            author: "a".into(),
            display_name: "A".into(),
            body,
            key: None,
            sent_at: "2026-01-31T12:00:00.123456Z".into(),
        })
    }

    proptest! {
        #[test]
        fn messages_are_found_in_every_envelope_and_nowhere_else(bodies in prop::collection::vec(".*", 1..5)) {
            let packed: Vec<_> = (1..).zip(bodies).map(|(seq, body)| message(seq, body)).collect();
            let due: Vec<_> = packed.iter().map(|one| (one.seq(), one.json().len())).collect();
            let answer = encode_answer(&packed, 9, None);
            prop_assert_eq!(messages(&answer).collect::<Vec<_>>(), due.clone());
            let events: Vec<u8> = packed.iter().flat_map(|one| one.event().to_vec()).collect();
            prop_assert_eq!(messages(&events).collect::<Vec<_>>(), due.clone());
            let frames: Vec<u8> = packed.iter().flat_map(|one| one.frame().to_vec()).collect();
            prop_assert_eq!(messages(&frames).collect::<Vec<_>>(), due);
        }
    }

    #[test]
    fn a_message_that_quotes_another_is_one() {
        let sly = message(1, "{\"seq\":7,\"room\":\"r\"}".into());
        assert_eq!(messages(sly.json()).count(), 1);
    }

    #[test]
    fn cookies_are_told_by_their_length_alone() {
        let head = "GET / HTTP/1.1\r\nHost: a\r\nCookie: pushlab=secret\r\n\r\n";
        let shown = without_secrets(head);
        assert!(!shown.contains("secret") && shown.contains("Cookie: (14 bytes, hidden)"));
        assert!(shown.ends_with("\r\n\r\n"));
    }
}

//! Bytes of one client in both directions: of the application, and of IP.

use protocol::Transport;

use super::{
    constants::SEGMENT_BYTES,
    model::ModelInputs,
    prediction::predict,
    segments::{self, AckMode, segments_per_s},
    span::Span,
};
use crate::results::MeanSizes;

const SEGMENT_HEADERS: f64 = SEGMENT_BYTES as f64;

/// σ: the comma between two messages of a response.
const SEPARATOR: f64 = 1.0;
/// e without the digits of `head`: `{"messages":[`, `],"head":` and `}`.
const LIST_FRAMING: f64 = 23.0;
/// The JSON around a message in a WebSocket frame: `{"message":` and `}`.
const FRAME_JSON: f64 = 12.0;
/// A ping without payload, and its masked pong.
const PING_AND_PONG: f64 = 2.0 + 6.0;
/// The heartbeat of an event stream as a chunk: `3`, CRLF, the three bytes `:`, LF, LF, and CRLF.
const COMMENT_CHUNK: f64 = 8.0;
/// A kind of response below this share may be missing from a trial; its weight is negligible.
const RARE_SHARE: f64 = 1e-3;

/// What the bytes of a client are counted from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ByteInputs {
    pub sizes: MeanSizes,
    /// The mean length of a message's number: see [`mean_digits`](super::mean_digits).
    pub digits: f64,
    /// For the heartbeats of a pushed connection.
    pub span: Span,
}

/// Application bytes a second, both ways.
///
/// Polling: [Hreq + P₀·H₂₀₄ + (1−P₀)(H₂₀₀ + e − σ)] a request, and λ(b + σ). Push: λ(b + framing),
/// and the heartbeats. `None` where [`predict`] has no model or a needed size is unknown.
pub fn app_bytes_per_s(
    transport: Transport,
    inputs: &ModelInputs,
    bytes: &ByteInputs,
) -> Option<f64> {
    let ByteInputs {
        sizes,
        digits,
        span,
    } = bytes;
    let messages = |framing: &dyn Fn(f64) -> f64| {
        let each = |message| message + framing(message);
        weighted(inputs.rate, 0.0, sizes.message.map(each))
    };
    match transport {
        Transport::ShortPoll | Transport::LongPoll => {
            let polls = predict(transport, inputs)?.polls?;
            let full = sizes
                .full_response
                .map(|headers| headers + LIST_FRAMING + digits - SEPARATOR);
            let each = sizes.request?
                + weighted(polls.empty_share, RARE_SHARE, sizes.empty_response)?
                + weighted(1.0 - polls.empty_share, RARE_SHARE, full)?;
            Some(polls.per_s * each + messages(&|_| SEPARATOR)?)
        }
        Transport::Sse => Some(
            messages(&|b| event_framing(b, *digits))? + COMMENT_CHUNK * span.heartbeats_per_s(),
        ),
        Transport::WebSocket => {
            Some(messages(&frame_framing)? + PING_AND_PONG * span.heartbeats_per_s())
        }
    }
}

/// IP bytes a second, both ways: those of the application and 52 a segment.
pub fn ip_bytes_per_s(
    transport: Transport,
    inputs: &ModelInputs,
    bytes: &ByteInputs,
    acks: AckMode,
) -> Option<f64> {
    let app = app_bytes_per_s(transport, inputs, bytes)?;
    let segments = segments_per_s(transport, inputs, bytes.span, acks)?;
    Some(app + SEGMENT_HEADERS * segments)
}

/// The crossover λ*: above this many messages a second in the room, short polling costs fewer IP
/// bytes than WebSocket. It is [(Hreq + Hresp + e + 52·s)/C] / (h − σ + 52·2), where s is the
/// number of segments of a poll and h is the WebSocket's framing. It neglects heartbeats and empty
/// polls.
pub fn byte_crossover(
    inputs: &ModelInputs,
    sizes: &MeanSizes,
    digits: f64,
    acks: AckMode,
) -> Option<f64> {
    let headers = sizes.request? + sizes.full_response?;
    let poll = headers + LIST_FRAMING + digits + SEGMENT_HEADERS * acks.segments_of_short_poll();
    let message = frame_framing(sizes.message?) - SEPARATOR
        + SEGMENT_HEADERS * segments::SEGMENTS_PER_MESSAGE;
    (inputs.handshakes == 0.0).then(|| poll / inputs.cycle() / message)
}

/// `share` of `size`. An unknown size counts as 0 where its share is at most `rare`.
fn weighted(share: f64, rare: f64, size: Option<f64>) -> Option<f64> {
    match size {
        Some(size) => Some(share * size),
        None => (share <= rare).then_some(0.0),
    }
}

/// `id: N`, `data: `, the line breaks, and the chunk around them: its length in hexadecimal and two
/// CRLFs.
fn event_framing(message: f64, digits: f64) -> f64 {
    let block = "id: \ndata: \n\n".len() as f64 + digits;
    let length = (message + block) as u64;
    block + f64::from(length.ilog(16) + 1) + 4.0
}

/// `{"message":}` and the frame's header, whose length depends on the payload (RFC 6455, 5.2).
fn frame_framing(message: f64) -> f64 {
    let payload = message + FRAME_JSON;
    let header = match payload {
        short if short <= 125.0 => 2.0,
        medium if medium <= 65_535.0 => 4.0,
        _ => 10.0,
    };
    FRAME_JSON + header
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Beside, EncodedMessage, Message, Opcode, encode_response, unmasked_frame};

    fn encoded(seq: u64, length: usize) -> EncodedMessage {
        EncodedMessage::new(&Message {
            seq,
            room: "lab".into(),
            author: "lab".into(),
            display_name: "Lab".into(),
            body: "x".repeat(length),
            key: None,
            sent_at: "2024-01-01T00:00:00.000000Z".into(),
        })
    }

    fn bytes(sizes: MeanSizes, digits: f64) -> ByteInputs {
        ByteInputs {
            sizes,
            digits,
            span: Span {
                open: 0.5,
                seconds: 15.0,
            },
        }
    }

    fn sizes(message: f64) -> MeanSizes {
        MeanSizes {
            request: Some(180.0),
            empty_response: Some(90.0),
            full_response: Some(140.0),
            message: Some(message),
        }
    }

    const INPUTS: ModelInputs = ModelInputs {
        one_way: 0.040,
        interval: 2.0,
        rate: 0.5,
        wait: 30.0,
        handshakes: 0.0,
        processing: 0.0,
    };

    #[test]
    fn framing_is_what_the_server_sends() {
        for (seq, length) in [(7, 1), (42, 60), (1234, 120), (99_999, 16_000), (5, 66_000)] {
            let message = encoded(seq, length);
            let (json, digits) = (message.json().len() as f64, seq.to_string().len() as f64);
            assert_eq!(frame_framing(json), message.frame().len() as f64 - json);
            let chunk = format!("{:X}\r\n\r\n", message.event().len());
            let event = message.event().len() + chunk.len();
            assert_eq!(event_framing(json, digits), event as f64 - json);
        }
    }

    #[test]
    fn lists_and_heartbeats_are_what_the_server_sends() {
        let messages = [encoded(98, 50), encoded(99, 60)];
        let json: usize = messages.iter().map(|message| message.json().len()).sum();
        let framing = encode_response(&messages, 99, Beside::default()).len() - json;
        assert_eq!(framing as f64, LIST_FRAMING + 2.0 + SEPARATOR);
        // Its mask makes the pong four bytes longer.
        let ping = unmasked_frame(Opcode::Ping, b"").len() as f64;
        assert_eq!(PING_AND_PONG, ping + ping + 4.0);
        assert_eq!(COMMENT_CHUNK, "3\r\n:\n\n\r\n".len() as f64);
    }

    /// By hand: P₀ = e^(−1.04) = 0.353455; 180 + 0.353455·90 + 0.646545·(140 + 25 − 1) =
    /// 317.844 a poll, 0.480769 polls a second, and 0.5·251.
    #[test]
    fn bytes_of_a_short_poll() {
        let app =
            app_bytes_per_s(Transport::ShortPoll, &INPUTS, &bytes(sizes(250.0), 2.0)).unwrap();
        assert!((app - 278.310).abs() < 1e-3, "{app}");
        let ip = |acks| {
            ip_bytes_per_s(
                Transport::ShortPoll,
                &INPUTS,
                &bytes(sizes(250.0), 2.0),
                acks,
            )
        };
        assert!((ip(AckMode::Piggybacked).unwrap() - app - 3.0 * 52.0 / 2.08).abs() < 1e-9);
        assert!((ip(AckMode::Delayed).unwrap() - app - 4.0 * 52.0 / 2.08).abs() < 1e-9);
    }

    #[test]
    fn bytes_of_push_are_framing_and_heartbeats() {
        let socket =
            app_bytes_per_s(Transport::WebSocket, &INPUTS, &bytes(sizes(250.0), 2.0)).unwrap();
        assert!((socket - (0.5 * 266.0 + 8.0 / 15.0)).abs() < 1e-9);
        let stream = app_bytes_per_s(Transport::Sse, &INPUTS, &bytes(sizes(250.0), 2.0)).unwrap();
        // 250 + 15 of the block are 0x109: three digits.
        assert!((stream - (0.5 * (250.0 + 15.0 + 7.0) + 8.0 / 15.0)).abs() < 1e-9);
    }

    #[test]
    fn silence_needs_no_sizes_but_those_it_uses() {
        let silent = ModelInputs {
            rate: 0.0,
            ..INPUTS
        };
        let idle = MeanSizes {
            full_response: None,
            message: None,
            ..sizes(0.0)
        };
        let idle = bytes(idle, 1.0);
        let bytes_of = |transport| app_bytes_per_s(transport, &silent, &idle).unwrap();
        assert!((bytes_of(Transport::ShortPoll) - 270.0 / 2.08).abs() < 1e-9);
        assert!((bytes_of(Transport::LongPoll) - 270.0 / 30.08).abs() < 1e-9);
        assert!((bytes_of(Transport::Sse) - 8.0 / 15.0).abs() < 1e-9);
        let unknown = MeanSizes {
            message: None,
            ..sizes(0.0)
        };
        assert_eq!(
            app_bytes_per_s(Transport::Sse, &INPUTS, &bytes(unknown, 1.0)),
            None
        );
        // At 5 messages a second no long poll is empty.
        let busy = ModelInputs {
            rate: 5.0,
            ..INPUTS
        };
        let full = MeanSizes {
            empty_response: None,
            ..sizes(250.0)
        };
        let full = bytes(full, 2.0);
        assert!(app_bytes_per_s(Transport::LongPoll, &busy, &full).is_some());
        assert_eq!(app_bytes_per_s(Transport::ShortPoll, &INPUTS, &full), None);
    }

    #[test]
    fn at_the_crossover_both_cost_about_the_same() {
        let rate = byte_crossover(&INPUTS, &sizes(250.0), 3.0, AckMode::Delayed).unwrap();
        let at = |transport| {
            let inputs = ModelInputs { rate, ..INPUTS };
            ip_bytes_per_s(
                transport,
                &inputs,
                &bytes(sizes(250.0), 3.0),
                AckMode::Delayed,
            )
            .unwrap()
        };
        let ratio = at(Transport::ShortPoll) / at(Transport::WebSocket);
        assert!((ratio - 1.0).abs() < 0.02, "{ratio} at {rate}");
    }
}

//! Finds messages in the recorded content of every transport.

use netlab::Direction;
use serde::{Deserialize, de::IgnoredAny};

use super::recorder::{Step, StepKind};

/// The size in bytes of the message with this `seq`, if the step delivers it.
pub fn size_of(step: &Step, seq: u64) -> Option<usize> {
    delivered(step)
        .find(|(other, _)| *other == seq)
        .map(|(_, bytes)| bytes)
}

/// The messages that the step delivers, each with its `seq` and its size in bytes.
pub fn delivered(step: &Step) -> impl Iterator<Item = (u64, usize)> + '_ {
    find(content(step))
}

/// The message with this `seq` as JSON, if the step delivers it.
pub fn json(step: &Step, seq: u64) -> Option<&[u8]> {
    let content = content(step);
    let found = find_all(content).find(|found| found.seq == seq)?;
    Some(&content[found.start..found.start + found.bytes])
}

/// The key of the draft that the step brings to the server.
pub fn posted_key(step: &Step) -> Option<String> {
    let draft: PostedDraft = match (&step.kind, step.direction) {
        (StepKind::Request { body, .. }, _) => serde_json::from_slice(body).ok()?,
        (StepKind::Frame(frame), Direction::Up) => {
            let frame: SendFrame = serde_json::from_slice(&frame.payload).ok()?;
            frame.send
        }
        _ => return None,
    };
    draft.key
}

/// Whether the step is the frame that acknowledges the draft with this key.
pub fn acknowledges(step: &Step, key: &str) -> bool {
    match (&step.kind, step.direction) {
        (StepKind::Frame(frame), Direction::Down) => {
            serde_json::from_slice::<AckFrame>(&frame.payload)
                .is_ok_and(|frame| frame.ack.key == key)
        }
        _ => false,
    }
}

#[derive(Deserialize)]
struct PostedDraft {
    key: Option<String>,
}

#[derive(Deserialize)]
struct SendFrame {
    send: PostedDraft,
}

#[derive(Deserialize)]
struct AckFrame {
    ack: AcknowledgedDraft,
}

#[derive(Deserialize)]
struct AcknowledgedDraft {
    key: String,
}

fn content(step: &Step) -> &[u8] {
    match (&step.kind, step.direction) {
        (StepKind::Response { body, .. }, _) => body,
        (StepKind::Chunk { data, .. }, _) => data,
        (StepKind::Frame(frame), Direction::Down) => &frame.payload,
        _ => &[],
    }
}

/// The messages in `content`, each with its `seq` and its size in bytes. A message starts with the
/// same bytes in every encoding. Nothing else contains these bytes, since a quotation mark inside a
/// JSON string is escaped.
fn find(content: &[u8]) -> impl Iterator<Item = (u64, usize)> + '_ {
    find_all(content).map(|found| (found.seq, found.bytes))
}

struct Found {
    seq: u64,
    start: usize,
    bytes: usize,
}

fn find_all(content: &[u8]) -> impl Iterator<Item = Found> + '_ {
    const START: &[u8] = b"{\"seq\":";
    memchr::memmem::find_iter(content, START).filter_map(|start| {
        let json = &content[start..];
        let digits: Vec<u8> = json[START.len()..]
            .iter()
            .copied()
            .take_while(u8::is_ascii_digit)
            .collect();
        let seq = std::str::from_utf8(&digits).ok()?.parse().ok()?;
        let mut values = serde_json::Deserializer::from_slice(json).into_iter::<IgnoredAny>();
        values.next()?.ok()?;
        Some(Found {
            seq,
            start,
            bytes: values.byte_offset(),
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::{Beside, EncodedMessage, Message, encode_response};

    use super::*;

    fn message(seq: u64, body: String) -> EncodedMessage {
        EncodedMessage::new(&Message {
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
        fn messages_are_found_in_every_encoding_and_nowhere_else(bodies in prop::collection::vec(".*", 1..5)) {
            let encoded: Vec<_> = (1..).zip(bodies).map(|(seq, body)| message(seq, body)).collect();
            let due: Vec<_> = encoded.iter().map(|one| (one.seq(), one.json().len())).collect();
            let body = encode_response(&encoded, 9, Beside::default());
            prop_assert_eq!(find(&body).collect::<Vec<_>>(), due.clone());
            let events: Vec<u8> = encoded.iter().flat_map(|one| one.event().to_vec()).collect();
            prop_assert_eq!(find(&events).collect::<Vec<_>>(), due.clone());
            let frames: Vec<u8> = encoded.iter().flat_map(|one| one.frame().to_vec()).collect();
            prop_assert_eq!(find(&frames).collect::<Vec<_>>(), due);
        }
    }

    #[test]
    fn a_message_that_quotes_another_counts_once() {
        let quoting = message(1, "{\"seq\":7,\"room\":\"r\"}".into());
        assert_eq!(find(quoting.json()).count(), 1);
    }
}

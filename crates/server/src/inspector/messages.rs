//! Finds messages in the recorded content of every transport.

use netlab::Direction;
use serde::de::IgnoredAny;

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
        Some((seq, values.byte_offset()))
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

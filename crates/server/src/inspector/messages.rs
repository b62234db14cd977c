//! The messages inside what crossed a connection, whatever is around them.

use netlab::Direction;
use serde::de::IgnoredAny;

use super::recorder::{Step, StepKind};

/// The bytes of the message with this `seq`, if the step carries it to its reader.
pub fn find(step: &Step, seq: u64) -> Option<usize> {
    of(step)
        .find(|(other, _)| *other == seq)
        .map(|(_, bytes)| bytes)
}

/// The messages that the step carries to its reader, each with its `seq` and its length.
pub fn of(step: &Step) -> impl Iterator<Item = (u64, usize)> + '_ {
    messages(content(step))
}

fn content(step: &Step) -> &[u8] {
    match (&step.what, step.way) {
        (StepKind::Answer { body, .. }, _) => body,
        (StepKind::Chunk { data, .. }, _) => data,
        (StepKind::Frame(frame), Direction::Down) => &frame.payload,
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
    use protocol::{EncodedMessage, Message, encode_response};

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
        fn messages_are_found_in_every_envelope_and_nowhere_else(bodies in prop::collection::vec(".*", 1..5)) {
            let encoded: Vec<_> = (1..).zip(bodies).map(|(seq, body)| message(seq, body)).collect();
            let due: Vec<_> = encoded.iter().map(|one| (one.seq(), one.json().len())).collect();
            let answer = encode_response(&encoded, 9, None);
            prop_assert_eq!(messages(&answer).collect::<Vec<_>>(), due.clone());
            let events: Vec<u8> = encoded.iter().flat_map(|one| one.event().to_vec()).collect();
            prop_assert_eq!(messages(&events).collect::<Vec<_>>(), due.clone());
            let frames: Vec<u8> = encoded.iter().flat_map(|one| one.frame().to_vec()).collect();
            prop_assert_eq!(messages(&frames).collect::<Vec<_>>(), due);
        }
    }

    #[test]
    fn a_message_that_quotes_another_is_one() {
        let sly = message(1, "{\"seq\":7,\"room\":\"r\"}".into());
        assert_eq!(messages(sly.json()).count(), 1);
    }
}

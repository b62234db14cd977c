//! How many bytes of a step presence took: its documents, and what the client told of typing.

use netlab::Direction;
use serde::de::IgnoredAny;

use super::recorder::{Step, StepKind};

/// The bytes that the step has because of presence. Of a response to a poll, those of the document alone:
/// it is sent for the messages too.
pub fn bytes(step: &Step) -> u64 {
    match (&step.kind, step.direction) {
        (StepKind::Response { body, .. }, _) => member(body) as u64,
        (StepKind::Chunk { framing, data }, _) => chunk(data, *framing) as u64,
        (StepKind::Frame(frame), Direction::Down) if frame.payload.starts_with(DOCUMENT) => {
            step.bytes
        }
        (StepKind::Frame(frame), Direction::Up) if frame.payload.starts_with(TYPING) => step.bytes,
        _ => 0,
    }
}

const DOCUMENT: &[u8] = b"{\"presence\":";
const TYPING: &[u8] = b"{\"typing\":";
const EVENT: &[u8] = b"event: presence\n";

/// The member of a poll's response. It is the last one; no message contains these bytes, since a quotation mark
/// inside a JSON string is escaped.
fn member(body: &[u8]) -> usize {
    const NAME: &[u8] = b",\"presence\":";
    let Some(start) = memchr::memmem::rfind(body, NAME) else {
        return 0;
    };
    let document = &body[start + NAME.len()..];
    let mut values = serde_json::Deserializer::from_slice(document).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => NAME.len() + values.byte_offset(),
        _ => 0,
    }
}

/// The event blocks with documents in a chunk; the chunk's framing too, where there are no others.
fn chunk(data: &[u8], framing: usize) -> usize {
    let mut rest = data;
    let mut documents = 0;
    while let Some(end) = memchr::memmem::find(rest, b"\n\n").map(|end| end + 2) {
        if rest.starts_with(EVENT) {
            documents += end;
        }
        rest = &rest[end..];
    }
    match documents == data.len() {
        true => documents + framing,
        false => documents,
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Beside, EncodedMessage, EncodedPresence, Message, Presence, encode_response};

    use super::*;

    fn document() -> EncodedPresence {
        EncodedPresence::new(&Presence {
            version: 3,
            here: Vec::new(),
            count: 0,
        })
    }

    fn message() -> EncodedMessage {
        EncodedMessage::new(&Message {
            seq: 1,
            room: "r".into(),
            author: "a".into(),
            display_name: "A".into(),
            body: ",\"presence\":{}".into(),
            key: None,
            sent_at: "2026-01-31T12:00:00.123456Z".into(),
        })
    }

    #[test]
    fn a_document_beside_messages_counts_alone() {
        let presence = document();
        let with = Beside {
            presence: Some(&presence),
            ..Beside::default()
        };
        let [with, without] =
            [with, Beside::default()].map(|beside| encode_response(&[message()], 1, beside));
        assert_eq!(member(&with), with.len() - without.len());
        assert_eq!(member(&without), 0);
    }

    #[test]
    fn the_blocks_of_a_chunk_are_told_apart() {
        let (presence, message) = (document().event().to_vec(), message().event().to_vec());
        let both = [&message[..], &presence].concat();
        assert_eq!(chunk(&presence, 7), presence.len() + 7);
        assert_eq!(chunk(&both, 7), presence.len());
        assert_eq!(chunk(&message, 7), 0);
    }
}

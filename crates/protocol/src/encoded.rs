//! Messages encoded once, with the framing of every transport around the same bytes.

use std::ops::Deref;

use bytes::Bytes;

use super::{Message, Opcode, Presence, unmasked};

/// A JSON document in the envelope of every transport. Cloning shares the bytes.
#[derive(Clone, Debug)]
pub struct Encodings {
    json: Bytes,
    event: Bytes,
    frame: Bytes,
}

impl Encodings {
    /// The bare JSON, as polls carry it: the same bytes stand in the other encodings.
    pub fn json(&self) -> &Bytes {
        &self.json
    }

    /// It as a block of an event stream.
    pub fn event(&self) -> &Bytes {
        &self.event
    }

    /// It as a WebSocket frame from the server, header included.
    pub fn frame(&self) -> &Bytes {
        &self.frame
    }

    fn new(fields: &str, member: &str, document: &impl serde::Serialize) -> Self {
        let (event, json) = event_around(fields, encode(document));
        Encodings {
            frame: frame_around(member, &json),
            event,
            json,
        }
    }
}

/// A message ready to leave by any door.
#[derive(Clone, Debug)]
pub struct EncodedMessage {
    seq: u64,
    encodings: Encodings,
}

impl EncodedMessage {
    pub fn new(message: &Message) -> Self {
        let seq = message.seq;
        EncodedMessage {
            seq,
            encodings: Encodings::new(&format!("id: {seq}\n"), "message", message),
        }
    }

    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The memory that it holds, in bytes.
    pub fn weight(&self) -> usize {
        self.event().len() + self.frame().len() + size_of::<Self>()
    }
}

impl Deref for EncodedMessage {
    type Target = Encodings;

    fn deref(&self) -> &Encodings {
        &self.encodings
    }
}

/// A presence document ready to leave by any door; as an event without an id, so that it moves no
/// cursor.
#[derive(Clone, Debug)]
pub struct EncodedPresence {
    version: u64,
    encodings: Encodings,
}

impl EncodedPresence {
    pub fn new(presence: &Presence) -> Self {
        EncodedPresence {
            version: presence.version,
            encodings: Encodings::new("event: presence\n", "presence", presence),
        }
    }

    pub fn version(&self) -> u64 {
        self.version
    }
}

impl Deref for EncodedPresence {
    type Target = Encodings;

    fn deref(&self) -> &Encodings {
        &self.encodings
    }
}

fn encode(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("strings and numbers always encode")
}

/// The block, and the JSON as a slice of it. JSON holds no line break, so one `data:` line does.
fn event_around(fields: &str, json: Vec<u8>) -> (Bytes, Bytes) {
    let start = fields.len() + "data: ".len();
    let block = [fields.as_bytes(), b"data: ", &json, b"\n\n"].concat();
    let block = Bytes::from(block);
    let json = block.slice(start..start + json.len());
    (block, json)
}

fn frame_around(member: &str, json: &[u8]) -> Bytes {
    let payload = [b"{\"", member.as_bytes(), b"\":", json, b"}"].concat();
    unmasked(Opcode::Text, &payload)
}

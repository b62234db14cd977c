//! Documents encoded once, in the framing of every transport, for all readers to share.

use std::ops::Deref;

use bytes::Bytes;

use super::{Message, Opcode, Presence, unmasked_frame};

/// A JSON document in the encoding of every transport. Clones share the bytes.
#[derive(Clone, Debug)]
pub struct Encodings {
    json: Bytes,
    event: Bytes,
    event_chunk: Bytes,
    frame: Bytes,
}

impl Encodings {
    /// The JSON alone, for the body of a poll. The other encodings contain the same bytes.
    pub fn json(&self) -> &Bytes {
        &self.json
    }

    /// The document as a block of an event stream.
    pub fn event(&self) -> &Bytes {
        &self.event
    }

    /// The block as a chunk of a body (RFC 9112, 7.1).
    pub fn event_chunk(&self) -> &Bytes {
        &self.event_chunk
    }

    /// The document as a WebSocket frame from the server, header included.
    pub fn frame(&self) -> &Bytes {
        &self.frame
    }

    fn new(fields: &str, member: &str, document: &impl serde::Serialize) -> Self {
        let (event_chunk, event, json) = encode_event(fields, encode_json(document));
        Encodings {
            frame: encode_frame(member, &json),
            event_chunk,
            event,
            json,
        }
    }
}

/// A message in the encoding of every transport.
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

    /// How much memory it takes, in bytes.
    pub fn memory_bytes(&self) -> usize {
        self.event_chunk().len() + self.frame().len() + size_of::<Self>()
    }
}

impl Deref for EncodedMessage {
    type Target = Encodings;

    fn deref(&self) -> &Encodings {
        &self.encodings
    }
}

/// A presence document in the encoding of every transport. Its event has no id, so that it does
/// not change the client's cursor.
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

fn encode_json(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("strings and numbers always encode")
}

/// The block in its chunk, the block, and the JSON, each a slice of the one before. One `data:` line is
/// enough: the JSON has no line break.
fn encode_event(fields: &str, json: Vec<u8>) -> (Bytes, Bytes, Bytes) {
    let block = fields.len() + "data: ".len() + json.len() + "\n\n".len();
    let size = format!("{block:X}\r\n");
    let chunk = [
        size.as_bytes(),
        fields.as_bytes(),
        b"data: ",
        &json,
        b"\n\n\r\n",
    ];
    let chunk = Bytes::from(chunk.concat());
    let event = chunk.slice(size.len()..size.len() + block);
    let start = fields.len() + "data: ".len();
    let json = event.slice(start..start + json.len());
    (chunk, event, json)
}

fn encode_frame(member: &str, json: &[u8]) -> Bytes {
    let payload = [b"{\"", member.as_bytes(), b"\":", json, b"}"].concat();
    unmasked_frame(Opcode::Text, &payload)
}

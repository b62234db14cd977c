//! Messages encoded once, with the framing of every transport around the same bytes.

use bytes::Bytes;

use super::{Message, Opcode, Presence, unmasked};

/// A message ready to leave by any door. Cloning shares the bytes.
#[derive(Clone, Debug)]
pub struct Packed {
    seq: u64,
    json: Bytes,
    event: Bytes,
    frame: Bytes,
}

impl Packed {
    pub fn new(message: &Message) -> Self {
        let json = encode(message);
        let (event, json) = event_around(&format!("id: {}\n", message.seq), json);
        Packed {
            seq: message.seq,
            frame: frame_around("message", &json),
            event,
            json,
        }
    }

    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The message's JSON: the same bytes on every transport.
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

    /// The memory that it holds, in bytes.
    pub fn weight(&self) -> usize {
        self.event.len() + self.frame.len() + size_of::<Self>()
    }
}

/// A presence document ready to leave by any door.
#[derive(Clone, Debug)]
pub struct PackedPresence {
    version: u64,
    json: Bytes,
    event: Bytes,
    frame: Bytes,
}

impl PackedPresence {
    pub fn new(presence: &Presence) -> Self {
        let (event, json) = event_around("event: presence\n", encode(presence));
        PackedPresence {
            version: presence.version,
            frame: frame_around("presence", &json),
            event,
            json,
        }
    }

    pub fn version(&self) -> u64 {
        self.version
    }

    pub fn json(&self) -> &Bytes {
        &self.json
    }

    /// It as an `event: presence` block; without an id, so that it moves no cursor.
    pub fn event(&self) -> &Bytes {
        &self.event
    }

    pub fn frame(&self) -> &Bytes {
        &self.frame
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

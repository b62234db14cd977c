//! What the models take from the protocol and from TCP/IP.

/// An idle stream gets a comment and a WebSocket a ping this often, in seconds.
pub const HEARTBEAT_S: f64 = protocol::HEARTBEAT.as_secs() as f64;

/// What a segment carries beside the application's bytes: IPv4 20, TCP 20, timestamps 12.
pub const SEGMENT_BYTES: u64 = 52;

/// The most messages that the server puts into one answer. Beyond it a backlog would build up,
/// which no model here knows.
pub const MOST_IN_AN_ANSWER: f64 = protocol::MAX_MESSAGES_PER_RESPONSE as f64;

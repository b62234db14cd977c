//! Constants of the protocol and of TCP/IP that the models use.

/// The heartbeat interval in seconds: a comment on an event stream, a ping on a WebSocket.
pub const HEARTBEAT_S: f64 = protocol::HEARTBEAT.as_secs() as f64;

/// Header bytes of a segment: IPv4 20, TCP 20, timestamps 12.
pub const SEGMENT_BYTES: u64 = 52;

/// The most messages that the server puts into one response. With more, a backlog builds up, which
/// no model here describes.
pub const MOST_IN_A_RESPONSE: f64 = protocol::MAX_MESSAGES_PER_RESPONSE as f64;

//! The numbers that a server and its clients must agree on.

use std::time::Duration;

/// The largest request body or WebSocket frame that the server takes, in bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// The messages that one answer to a poll may carry, where the client gives no `limit`.
pub const MESSAGES_PER_ANSWER: usize = 100;

/// The largest `limit` that a client may give.
pub const MOST_MESSAGES_PER_ANSWER: usize = 500;

/// How often an idle event stream gets a comment, and a WebSocket a ping, unless a server is set
/// otherwise.
pub const HEARTBEAT: Duration = Duration::from_secs(15);

//! The numbers that a server and its clients must agree on.

use std::time::Duration;

/// The largest request body or WebSocket frame that the server accepts, in bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// The most messages in one response to a poll, if the client gives no `limit`.
pub const MESSAGES_PER_RESPONSE: usize = 100;

/// The largest `limit` that a client may give.
pub const MAX_MESSAGES_PER_RESPONSE: usize = 500;

/// How often an idle event stream gets a comment, and a WebSocket a ping, unless the server's
/// settings change it.
pub const HEARTBEAT: Duration = Duration::from_secs(15);

//! The sizes that a student reckons with, in bytes, rounded from this server's traffic.

use super::question::plain;

/// The request of a poll with the headers that it needs.
pub const REQUEST: f64 = 200.0;
/// The request of a poll from a browser.
pub const BROWSER_REQUEST: f64 = 700.0;
/// The header section of an empty response.
pub const EMPTY: f64 = 90.0;
/// The header section of a response with messages.
pub const FULL: f64 = 135.0;
/// The list around the messages of a response.
pub const LIST: f64 = 25.0;
/// Between two messages of a response.
pub const SEPARATOR: f64 = 1.0;
/// A message's JSON without its text.
pub const MESSAGE: f64 = 127.0;
/// What a WebSocket puts around a message.
pub const FRAME: f64 = 16.0;
/// What keeps a quiet stream or WebSocket open.
pub const HEARTBEAT: f64 = 8.0;
/// The seconds between two heartbeats.
pub const HEARTBEAT_EVERY_S: f64 = 15.0;
/// What TCP and IP add to each segment.
pub const SEGMENT: f64 = 52.0;
/// The segments of a short poll with messages, both ways, over a link of 20 ms and more.
pub const SEGMENTS_OF_A_POLL: f64 = 4.0;
/// The segments of a pushed message: its own and its acknowledgement.
pub const SEGMENTS_OF_A_PUSH: f64 = 2.0;

/// As the sheet lists them.
pub fn sizes() -> Vec<(&'static str, String)> {
    vec![
        (
            "request of a poll, with the headers that it needs",
            plain(REQUEST),
        ),
        ("request of a poll from a browser", plain(BROWSER_REQUEST)),
        ("header section of an empty response (204)", plain(EMPTY)),
        (
            "header section of a response with messages (200)",
            plain(FULL),
        ),
        (
            "list around the messages of a response",
            format!("{LIST}, and {SEPARATOR} between two messages"),
        ),
        ("a message's JSON", format!("its text + {MESSAGE}")),
        ("what a WebSocket puts around a message", plain(FRAME)),
        (
            "heartbeat of a quiet event stream or WebSocket",
            format!("{HEARTBEAT} every {HEARTBEAT_EVERY_S} s"),
        ),
        ("what TCP and IP add to each segment", plain(SEGMENT)),
        (
            "segments of a short poll with messages; of a pushed message",
            format!("{SEGMENTS_OF_A_POLL}; {SEGMENTS_OF_A_PUSH}"),
        ),
    ]
}

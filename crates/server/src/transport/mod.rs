//! The four transports, one file each.
//!
//! Each is built around a [`Reader`]: a short poll reads from it once, a long poll waits for it
//! once, an event stream and a WebSocket wait for it in a loop. Each gets a [`ReadRequest`], which
//! has everything that it needs to know of the HTTP request.

mod fan_out;
mod long_poll;
mod page;
pub mod poll;
mod poll_request;
mod read_request;
mod reader;
mod short_poll;
pub mod sse;
pub mod websocket;

use std::time::Duration;

pub use read_request::ReadRequest;
pub use reader::Reader;

/// Settings of event streams and WebSockets.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Streams")]
#[group(skip)]
pub struct StreamSettings {
    /// How often an idle event stream is sent a comment, and a WebSocket a ping
    #[arg(long, env = "PUSHLAB_HEARTBEAT", value_name = "DURATION", default_value = "15s",
          value_parser = protocol::duration::parse)]
    pub heartbeat: Duration,
    /// How long a WebSocket client may send nothing, not even a pong, before it is disconnected
    #[arg(long, env = "PUSHLAB_SILENCE", value_name = "DURATION", default_value = "40s",
          value_parser = protocol::duration::parse)]
    pub silence: Duration,
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Defaults {
        #[command(flatten)]
        settings: StreamSettings,
    }

    #[test]
    fn the_default_heartbeat_is_that_of_the_protocol() {
        let defaults = Defaults::parse_from(["serve"]);
        assert_eq!(defaults.settings.heartbeat, protocol::HEARTBEAT);
    }
}

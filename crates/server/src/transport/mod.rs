//! Four ways for a room's messages to leave the building, one file each.
//!
//! All are a [`Reader`] with something around it: a short poll asks it once, a long poll waits for
//! it once, an event stream and a WebSocket wait for it in a loop. Each is given a [`ReadRequest`],
//! which is all that it needs to know of who asks.

mod long_poll;
pub mod poll;
mod polled;
mod read_request;
mod reader;
mod short_poll;
pub mod sse;
pub mod websocket;

use std::time::Duration;

use actix_web::{
    dev::ServiceRequest,
    http::{Method, header::HeaderMap},
};

pub use read_request::ReadRequest;
pub use reader::Reader;

use crate::http::find;

/// How streams and sockets are kept alive.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Streams")]
#[group(skip)]
pub struct Settings {
    /// How often an idle event stream gets a comment, and a WebSocket a ping
    #[arg(long, env = "PUSHLAB_HEARTBEAT", value_name = "DURATION", default_value = "15s",
          value_parser = protocol::duration::parse)]
    pub heartbeat: Duration,
    /// How long a WebSocket client may be silent, not even answering pings
    #[arg(long, env = "PUSHLAB_SILENCE", value_name = "DURATION", default_value = "40s",
          value_parser = protocol::duration::parse)]
    pub silence: Duration,
}

/// A parked poll keeps its request as long as it waits, and by now nobody reads its headers any
/// more: they would be nearly a quarter of what it costs.
pub fn drop_request_headers(request: &mut ServiceRequest) {
    let parks = find(request.query_string(), "wait").is_some();
    if parks && request.method() == Method::GET {
        *request.headers_mut() = HeaderMap::new();
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Defaults {
        #[command(flatten)]
        settings: Settings,
    }

    #[test]
    fn the_heartbeat_is_the_one_that_clients_are_promised() {
        let defaults = Defaults::parse_from(["serve"]);
        assert_eq!(defaults.settings.heartbeat, protocol::HEARTBEAT);
    }
}

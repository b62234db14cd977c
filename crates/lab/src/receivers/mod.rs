//! The receiving clients: one file a transport, the mirror of the server's. They share nothing with
//! the server but what travels.

mod bytes;
mod client;
mod connections;
mod context;
mod deliveries;
mod exchange;
mod failure;
mod faults;
mod head_end;
mod headers;
mod long_poll;
mod poll;
mod receive;
mod seen;
mod short_poll;
mod sse;
mod tally;
mod websocket;
mod wire;

pub use bytes::Bytes;
pub use context::Context;
pub use deliveries::{Climb, Deliveries, Row, Span};
pub use headers::{Ask, Profile};
pub use receive::receive;
pub use tally::{Polls, Reader, Tally};

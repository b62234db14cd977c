//! The receiving clients: one file a transport, the mirror of the server's. They share nothing with
//! the server but what travels.

mod bytes;
mod client;
mod connections;
mod context;
mod counted_stream;
mod deliveries;
mod failure;
mod faults;
mod head_end;
mod headers;
mod http_connection;
mod long_poll;
mod poll;
mod receive;
mod seen;
mod short_poll;
mod sse;
mod tally;
mod websocket;

pub use bytes::Bytes;
pub use context::Context;
pub use deliveries::{Deliveries, LoadRamp, Row, Span};
pub use headers::{Profile, RequestKind};
pub use receive::receive;
pub use tally::{PollCounts, ReceiverProgress, Tally};

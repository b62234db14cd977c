//! The receivers: one file for each transport. They share no code with the server's transports, so
//! that an error in one is not repeated in the other.

mod client;
mod connections;
mod context;
mod counted_stream;
mod deliveries;
mod failure;
mod faults;
mod header_end;
mod http_connection;
mod lab_message;
mod long_poll;
mod poll;
mod receive;
mod request_template;
mod short_poll;
mod sse;
mod tally;
mod traffic_counts;
mod websocket;

pub use context::Context;
pub use deliveries::{Deliveries, DeliveryRow, LoadStep, Span};
pub use receive::receive;
pub use request_template::{RequestKind, RequestTemplate};
pub use tally::{PollCounts, ReceiverProgress, Tally};
pub use traffic_counts::TrafficCounts;

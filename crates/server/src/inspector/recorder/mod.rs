//! Records what connections cost and what is sent over them, while a session views them.
//!
//! A connection that no session views takes one entry here and nothing more.

mod closed_connections;
mod connection_recorder;
mod connection_recorders;
mod connection_state;
mod cost;
mod exchange;
mod permits;
mod reader_costs;
mod reading;
mod recording;
mod step;
mod subscription;
mod viewers;

pub use connection_recorder::ConnectionRecorder;
pub use connection_recorders::ConnectionRecorders;
pub use cost::{ReaderCost, TcpCounts};
pub use exchange::Exchange;
pub use reading::HistoryRequest;
pub use step::{Step, StepKind};
pub use subscription::Subscription;

/// A number that stands for a session, so that no token is kept here.
pub type SessionTag = u64;

fn now_us() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

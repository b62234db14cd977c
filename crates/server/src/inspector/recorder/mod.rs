//! Records what a connection costs, and, as long as somebody viewers, what crosses it. Unless somebody
//! viewers, a connection costs one entry here and nothing more.

mod closed;
mod connection_recorder;
mod connection_recorders;
mod exchange;
mod known;
mod permits;
mod record;
mod step;
mod subscription;
mod tally;
mod viewers;

pub use connection_recorder::ConnectionRecorder;
pub use connection_recorders::ConnectionRecorders;
pub use exchange::Exchange;
pub use step::{Step, StepKind};
pub use subscription::Subscription;
pub use tally::{Counts, Tally};

/// Somebody who owns connections: a number for a session.
pub type SessionTag = u64;

fn now_us() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

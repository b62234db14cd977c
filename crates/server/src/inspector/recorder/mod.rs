//! Records what a connection costs, and, as long as somebody looks, what crosses it. Unless somebody
//! looks, a connection costs one entry here and nothing more.

mod closed;
mod exchange;
mod known;
mod leaves;
mod looks;
mod reads;
mod record;
mod step;
mod tally;
mod tap;
mod taps;

pub use exchange::Exchange;
pub use reads::Reads;
pub use step::{Step, What};
pub use tally::{Counts, Tally};
pub use tap::Tap;
pub use taps::Taps;

/// Somebody who owns connections: a number for a session.
pub type Owner = u64;

fn now_us() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

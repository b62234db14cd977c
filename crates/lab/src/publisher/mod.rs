//! The publisher: an open loop. Each message is sent at the instant when it is due, however the
//! ones before it fare; how much later it really was is its delay.
//!
//! It has a thread of its own that does nothing else but sleep and write. The answers are read by
//! the thread of the receivers, which gives way to it.

mod answers;
mod opened;
mod posted;
mod sender;

pub use answers::Answers;
pub use posted::Posted;
pub use sender::{Publisher, ScheduleDelay, Target, prepare};

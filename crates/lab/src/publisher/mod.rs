//! The publisher, an open loop: each message is sent at its scheduled instant, whatever happens to
//! the messages before it. How much later it is really sent is its schedule delay.
//!
//! A thread of its own sleeps and writes, and does nothing else. The thread of the receivers, which
//! has a lower priority, reads the responses.

mod connections;
mod post_counters;
mod response_reader;
mod schedule_queue;
mod sender;

pub use post_counters::PostCounters;
pub use response_reader::ResponseReader;
pub use schedule_queue::ScheduleQueue;
pub use sender::{PublishTarget, Publisher, ScheduleDelay, prepare};

//! The schedules that a publisher runs one after the other.

use std::sync::{
    Arc,
    atomic::Ordering,
    mpsc::{self, Receiver, Sender},
};

use super::post_counters::PostCounters;
use crate::schedule::Schedule;

/// A schedule and the instant at which it begins, in nanoseconds of the monotonic clock.
pub(super) struct Queued {
    pub schedule: Schedule,
    pub start: u64,
}

/// Hands schedules to a publisher. The publisher ends when the queue is dropped.
pub struct ScheduleQueue {
    to_publisher: Sender<Queued>,
    posted: Arc<PostCounters>,
}

impl ScheduleQueue {
    pub(super) fn new(posted: Arc<PostCounters>) -> (Self, Receiver<Queued>) {
        let (to_publisher, queued) = mpsc::channel();
        (
            ScheduleQueue {
                to_publisher,
                posted,
            },
            queued,
        )
    }

    /// Adds a schedule that begins at `start`, after all messages of the schedule before it.
    pub fn add(&self, schedule: Schedule, start: u64) {
        let messages = schedule.posts.len() as u64;
        self.posted.pending.fetch_add(messages, Ordering::Release);
        // A publisher that has failed takes no more; joining its thread tells why.
        let _ = self.to_publisher.send(Queued { schedule, start });
    }
}

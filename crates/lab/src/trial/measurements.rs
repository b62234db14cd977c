//! The measurements of a trial, from which its record is made.

use analysis::{results::UpDown, samples::Samples};

use super::receiver_thread::Received;
use crate::publisher::ScheduleDelay;

/// All measurements of a trial.
pub struct TrialMeasurements {
    pub received: Received,
    pub delays: Vec<ScheduleDelay>,
    pub port: UpDown,
    pub pss_idle: Option<u64>,
    pub clock_moved: i64,
    /// From sending each post to its response, in microseconds.
    pub response_us: Samples,
    pub port_number: u16,
}

//! What was measured, before it is made a record.

use analysis::results::UpDown;

use super::receivers::Received;
use crate::{host::procfs, publisher::ScheduleDelay};

/// All of a trial.
pub struct TrialMeasurements {
    pub received: Received,
    pub delays: Vec<ScheduleDelay>,
    pub port: UpDown,
    pub pss_idle: Option<u64>,
    pub ticks: (Option<procfs::Ticks>, Option<procfs::Ticks>),
    pub clock_moved: i64,
    pub port_number: u16,
}

//! One trial: a fresh server, one transport, one schedule.

mod load_ramp;
mod measured;
mod outage;
mod planned;
mod receiver_pool;
mod receivers;
mod record;
mod run;
mod validity;

pub use planned::{Planned, Run, TrialOutcome, warm_up};
pub use run::run;

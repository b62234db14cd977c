//! A trial: a new server, one transport, one schedule.

mod capacity_search;
mod load_ramp;
mod measurements;
mod outage;
mod planned;
mod receiver_pool;
mod receiver_thread;
mod record;
mod run;
mod snapshot;
mod validity;

pub use planned::{PlannedTrial, RunContext, TrialOutcome, warm_up};
pub use run::run;

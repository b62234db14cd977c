//! One trial: a fresh server, one transport, one schedule.

mod climb;
mod crew;
mod measured;
mod outage;
mod planned;
mod receivers;
mod record;
mod run;
mod verdict;

pub use planned::{Done, Planned, Run, warm_up};
pub use run::run;

//! The counters at the start or at the end of the span, and their differences.

use std::time::Duration;

use analysis::{results::OtherLoad, samples::Samples};
use netlab::LinkStatistics;

use crate::{host::procfs::Ticks, receivers::TrafficCounts};

/// All counters at one instant.
pub struct Snapshot {
    pub bytes: TrafficCounts,
    pub connections: u64,
    pub processors: ProcessorTimes,
    /// Of the cores used.
    pub ticks: Option<Ticks>,
    pub link: Option<LinkStatistics>,
}

/// Processor times so far, in nanoseconds; `None` where the platform does not report them.
#[derive(Clone, Copy, Debug)]
pub struct ProcessorTimes {
    /// The instant, on the monotonic clock.
    pub at: u64,
    pub server: Option<u64>,
    /// Without the loops that keep the cores awake.
    pub generator: u64,
    /// How long their threads waited for a processor while they were ready to run.
    pub server_delay: Option<u64>,
    pub generator_delay: Option<u64>,
    /// The time of the loop that keeps the core awake. The core was idle for as long.
    pub server_core_idle: Option<u64>,
    pub generator_core_idle: Option<u64>,
}

impl Snapshot {
    /// The mean delay of the link since an earlier snapshot. The first byte of a connection also
    /// waits for a handshake, so the earlier snapshot must be taken after all connections were
    /// opened.
    pub fn delay_since(&self, before: &Snapshot) -> Option<Duration> {
        self.link.as_ref()?.mean_delay_since(before.link.as_ref()?)
    }

    /// The errors of the link since an earlier snapshot.
    pub fn link_errors_since(&self, before: &Snapshot) -> Option<Samples> {
        let errors = self.link.as_ref()?.errors_since(before.link.as_ref()?);
        Some(Samples::from(errors))
    }
}

impl ProcessorTimes {
    /// What was used between an earlier reading and this one.
    pub fn since(&self, before: &ProcessorTimes) -> ProcessorTimes {
        // A thread that has ended takes its delay with it, so a sum may shrink.
        let less = |now: Option<u64>, then: Option<u64>| Some(now?.saturating_sub(then?));
        ProcessorTimes {
            at: self.at - before.at,
            server: less(self.server, before.server),
            generator: self.generator.saturating_sub(before.generator),
            server_delay: less(self.server_delay, before.server_delay),
            generator_delay: less(self.generator_delay, before.generator_delay),
            server_core_idle: less(self.server_core_idle, before.server_core_idle),
            generator_core_idle: less(self.generator_core_idle, before.generator_core_idle),
        }
    }

    /// Of a difference: the share of each core that was neither idle nor used by the lab. It needs
    /// a core each for server and generator.
    pub fn other_load(&self) -> OtherLoad {
        let share = |idle: Option<u64>, own: Option<u64>| {
            let others = self.at.saturating_sub(idle?).saturating_sub(own?);
            (self.at > 0).then(|| others as f64 / self.at as f64)
        };
        OtherLoad {
            server_core: share(self.server_core_idle, self.server),
            generator_core: share(self.generator_core_idle, Some(self.generator)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: ProcessorTimes = ProcessorTimes {
        at: 1_000,
        server: Some(50),
        generator: 80,
        server_delay: Some(5),
        generator_delay: Some(6),
        server_core_idle: Some(900),
        generator_core_idle: Some(800),
    };

    #[test]
    fn what_is_neither_idle_nor_the_labs_is_the_load_of_others() {
        let after = ProcessorTimes {
            at: 2_000,
            server: Some(350),
            generator: 180,
            server_core_idle: Some(1_500),
            generator_core_idle: Some(1_700),
            ..BEFORE
        };
        let found = after.since(&BEFORE).other_load();
        // 1,000 − 600 idle − 300 of the server; 1,000 − 900 idle − 100 of the generator.
        assert_eq!(found.server_core, Some(0.1));
        assert_eq!(found.generator_core, Some(0.0));
    }

    #[test]
    fn without_a_loop_that_keeps_the_core_awake_it_is_unknown() {
        let unknown = ProcessorTimes {
            server_core_idle: None,
            ..BEFORE
        };
        assert_eq!(unknown.since(&BEFORE).other_load().server_core, None);
    }
}

//! Results that only some trials have: an outage, a load ramp, a test of the polls' phase.

use serde::{Deserialize, Serialize};

use crate::samples::SamplesRecord;

/// An outage of the link, and how the clients recovered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OutageRecord {
    pub seconds: f64,
    /// Clients that closed their connection before the link was restored.
    pub noticed: u32,
    /// From the start of the outage until a client closed its connection, of those clients.
    pub notice_us: SamplesRecord,
    /// From the end of the outage to each client's first message.
    pub recover_us: SamplesRecord,
    /// Both ways, from the end of the outage to the last message that it had delayed.
    pub catch_up_bytes: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CapacityRecord {
    /// The greatest load of a step that held, in deliveries a second; 0 where none held.
    pub deliveries_per_s: f64,
    pub limit: Limit,
    /// The load in deliveries a second at which the server would use all of its core, by its
    /// processor time per delivery in the step of the greatest load that held. A prediction, not a
    /// measurement; `null` where no step held or the processor time is unknown.
    #[serde(default)]
    pub predicted_by_cpu: Option<f64>,
    /// In the order in which they ran.
    pub steps: Vec<CapacityStep>,
}

/// Why the search for the capacity ended. Only `Latency` is a limit of the server; with the others
/// the capacity is a lower bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// A slightly greater load exceeded the p99 of latency: the capacity is known to within
    /// [`Search::PRECISION`](crate::scenario::Search::PRECISION).
    Latency,
    /// The generator had used its share of its core.
    Generator,
    /// The time or the range of the search ended.
    Schedule,
}

/// One step of the load ramp.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CapacityStep {
    /// The load offered: the configured rate times the clients, not the number of messages that
    /// the Poisson schedule happened to have.
    pub deliveries_per_s: f64,
    /// The p99 of end-to-end latency; `null` where nothing was delivered.
    pub p99_us: Option<u64>,
    /// Whether 99 % of the deliveries were in time, with the generator within its share.
    pub held: bool,
    /// The share of its core that the generator used.
    #[serde(default)]
    pub generator_share: Option<f64>,
    /// The share of one core that the server used; `null` where it is unknown.
    #[serde(default)]
    pub server_share: Option<f64>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct UniformTest {
    /// The Kolmogorov–Smirnov statistic D.
    pub distance: f64,
    pub p_value: f64,
}

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
    /// Deliveries a second in the last step whose latency held.
    pub deliveries_per_s: f64,
    pub limit: Limit,
    pub steps: Vec<CapacityStep>,
}

/// Why the load ramp ended. Only `Latency` is a limit of the server; with the others the capacity
/// is a lower bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// The p99 of latency exceeded the limit.
    Latency,
    /// The generator had used its share of its core.
    Generator,
    /// All steps held.
    Schedule,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CapacityStep {
    pub deliveries_per_s: f64,
    pub p99_us: Option<u64>,
    pub held: bool,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct UniformTest {
    /// The Kolmogorov–Smirnov statistic D.
    pub distance: f64,
    pub p_value: f64,
}

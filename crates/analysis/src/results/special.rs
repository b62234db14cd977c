//! What only some trials have: a cut, a climb, a test of the polls' phase.

use serde::{Deserialize, Serialize};

use crate::samples::Hist;

/// From the cut's beginning and its end, for each client.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OutageRecord {
    pub seconds: f64,
    /// Clients that gave their connection up before it healed.
    pub noticed: u32,
    /// From the cut to giving up, of those that did.
    pub notice_us: Hist,
    /// From the healing to the first message after it.
    pub recover_us: Hist,
    /// Both ways, from the healing to the last message that was held.
    pub catch_up_bytes: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CapacityRecord {
    /// Deliveries a second at the last step that held.
    pub deliveries_per_s: f64,
    pub limit: Limit,
    pub steps: Vec<CapacityStep>,
}

/// What ended the search. Only the first is the server's limit; the others mean *at least*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// The server's p99 was over its limit.
    Latency,
    /// The generator had no more to give.
    Generator,
    /// Every step held.
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
    /// Kolmogorov and Smirnov's D.
    pub distance: f64,
    pub p_value: f64,
}

//! One trial: one transport at one level, once.

use protocol::Transport;
use serde::{Deserialize, Serialize};

use super::{
    costs::{Bytes, GeneratorCost, Segments, ServerCost, Sizes, UpDown},
    invalidity::{self, InvalidKind, Invalidity},
    special::{CapacityRecord, OutageRecord, UniformTest},
};
use crate::{samples::Hist, scenario::Level};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trial {
    pub experiment: String,
    pub transport: Transport,
    /// The transport's name; `NAME (again)` for the second label of the A/A cell.
    pub label: String,
    /// Whether it is of the A/A cell's second label.
    #[serde(default)]
    pub is_control: bool,
    /// `PARAMETER=VALUE`, several joined by `;`.
    pub level: Option<Level>,
    pub repetition: u32,
    /// Its place in the whole run, from 0.
    pub order: u32,
    /// The measured span.
    pub seconds: f64,
    /// `void` and `void_kinds`.
    #[serde(flatten, with = "invalidity")]
    pub void: Option<Invalidity>,
    /// The d of this trial: mean delay given by the link plus half of the direct echo.
    pub one_way_us: Option<f64>,
    /// Messages that were due in the measured span.
    pub published: u64,
    /// Deliveries of them that were due: a message to each client of its room.
    pub expected: u64,
    pub received: u64,
    pub lost: u64,
    pub duplicated: u64,
    pub reordered: u64,
    pub delivery_us: Hist,
    pub end_to_end_us: Hist,
    pub requests: u64,
    pub empty: u64,
    pub connections: u64,
    /// Clients that received.
    pub clients: u32,
    pub bytes: Bytes,
    pub segments: Segments,
    /// Mean sizes, for the theory of bytes.
    pub sizes: Sizes,
    pub port: u16,
    pub port_bytes: UpDown,
    pub server: ServerCost,
    pub generator: GeneratorCost,
    /// Steal time as a share of the trial, where it is told.
    pub steal_share: Option<f64>,
    pub outage: Option<OutageRecord>,
    pub capacity: Option<CapacityRecord>,
    /// Short polls: the distance of (L − d)/C from U(0,1), and how likely a larger one is.
    pub uniform: Option<UniformTest>,
}

impl Trial {
    /// Whether this is among what speaks against it.
    pub fn is_invalid_for(&self, kind: InvalidKind) -> bool {
        let void = self.void.as_ref();
        void.is_some_and(|void| void.reason(kind).is_some())
    }

    /// Says which trial it is, to people: `latency, WebSocket at one_way_ms=40, repetition 2`.
    pub fn name(&self) -> String {
        let place = place(&self.experiment, &self.label, self.level.as_ref());
        format!("{place}, repetition {}", self.repetition)
    }
}

/// `latency, WebSocket at one_way_ms=40`.
pub fn place(experiment: &str, label: &str, level: Option<&Level>) -> String {
    let level = level.map_or(String::new(), |level| format!(" at {level}"));
    format!("{experiment}, {label}{level}")
}

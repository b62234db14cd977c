//! One trial: one transport at one level, once.

use protocol::Transport;
use serde::{Deserialize, Serialize};

use super::{
    costs::{ClientBytes, GeneratorCost, MeanSizes, OtherLoad, Segments, ServerCost, UpDown},
    invalidity::{self, InvalidKind, Invalidity},
    over_time::OverTime,
    special::{CapacityRecord, OutageRecord, UniformTest},
};
use crate::{samples::SamplesRecord, scenario::Level};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trial {
    pub experiment: String,
    pub transport: Transport,
    /// The transport's name; `NAME (again)` for the control (A/A).
    pub label: String,
    /// Whether this is a trial of the control (A/A).
    #[serde(default)]
    pub is_control: bool,
    /// `PARAMETER=VALUE`, several joined by `;`.
    pub level: Option<Level>,
    /// The repetition of the whole campaign (`--runs`) that it belongs to, from 0.
    #[serde(default)]
    pub run: u32,
    pub repetition: u32,
    /// Its place among all trials of the campaign, from 0.
    pub order: u32,
    /// The length of the measured span.
    pub seconds: f64,
    /// Why the trial is invalid, if it is; `void` and `void_kinds` in the file.
    #[serde(flatten, with = "invalidity")]
    pub invalidity: Option<Invalidity>,
    /// The d of this trial: the mean delay of the link plus half of the direct echo.
    pub one_way_us: Option<f64>,
    /// Messages that were due in the measured span.
    pub published: u64,
    /// Deliveries that were due: each of these messages to each client of its room.
    pub expected: u64,
    pub received: u64,
    pub lost: u64,
    pub duplicated: u64,
    pub reordered: u64,
    pub delivery_us: SamplesRecord,
    pub end_to_end_us: SamplesRecord,
    /// `null` of a load ramp, whose load changes over time, and of files before it was recorded.
    #[serde(default)]
    pub over_time: Option<OverTime>,
    pub requests: u64,
    pub empty: u64,
    pub connections: u64,
    /// The number of receivers.
    pub clients: u32,
    pub bytes: ClientBytes,
    pub segments: Segments,
    /// Mean sizes, for the theory of bytes.
    pub sizes: MeanSizes,
    pub port: u16,
    pub port_bytes: UpDown,
    pub server: ServerCost,
    pub generator: GeneratorCost,
    /// Steal time as a share of the trial.
    pub steal_share: Option<f64>,
    #[serde(default)]
    pub other_load: OtherLoad,
    /// The actual minus the configured delay of each piece of data on the emulated link, both
    /// directions, in the span; `null` without a link.
    #[serde(default)]
    pub link_error_us: Option<SamplesRecord>,
    /// From sending a post to its response, of the posts that were sent in the span.
    #[serde(default)]
    pub post_response_us: Option<SamplesRecord>,
    pub outage: Option<OutageRecord>,
    pub capacity: Option<CapacityRecord>,
    /// Short polling: the test of (L − d)/C against U(0,1).
    pub uniform: Option<UniformTest>,
}

impl Trial {
    /// Whether the trial is invalid for a reason of this kind.
    pub fn is_invalid_for(&self, kind: InvalidKind) -> bool {
        let invalidity = self.invalidity.as_ref();
        invalidity.is_some_and(|found| found.reason(kind).is_some())
    }

    /// The trial's name in messages: `latency, WebSocket at one_way_ms=40, repetition 2`; after the
    /// first run with `run 1` before the repetition.
    pub fn name(&self) -> String {
        let cell = cell_name(&self.experiment, &self.label, self.level.as_ref());
        let run = match self.run {
            0 => String::new(),
            run => format!(", run {run}"),
        };
        format!("{cell}{run}, repetition {}", self.repetition)
    }
}

/// A cell's name in messages: `latency, WebSocket at one_way_ms=40`.
pub fn cell_name(experiment: &str, label: &str, level: Option<&Level>) -> String {
    let level = level.map_or(String::new(), |level| format!(" at {level}"));
    format!("{experiment}, {label}{level}")
}

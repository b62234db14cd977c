//! `results.json`: everything that a run measured. Units are in the names; what is not known is
//! `null`, never 0.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};

use super::{samples::Hist, scenario::Experiment};
use crate::wire::Transport;

/// The version of the format.
pub const SCHEMA: u32 = 1;

/// How a void trial's reason begins where the publisher was late, and where the kernel counted other
/// bytes than a client did. The report tells them apart by it.
pub const SLIPPED: &str = "the publisher's slip was";
pub const DISAGREES: &str = "a client counted";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    pub schema: u32,
    pub scenario: ScenarioRecord,
    pub seed: u64,
    /// RFC 3339, UTC.
    pub started_at: String,
    pub environment: Environment,
    pub valid: bool,
    /// Why the campaign is not valid, a sentence each.
    pub reasons: Vec<String>,
    pub floor: Floor,
    pub trials: Vec<Trial>,
    pub estimates: Vec<Estimate>,
    pub comparisons: Vec<Comparison>,
}

/// What was asked for, with everything that was left open filled in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScenarioRecord {
    pub name: String,
    pub title: String,
    pub question: String,
    pub quick: bool,
    /// Trials that were planned; fewer are in `trials` when the run was interrupted.
    pub planned_trials: u32,
    pub seconds: f64,
    pub experiments: serde_json::Map<String, serde_json::Value>,
}

/// What shapes the figures. `null` where the platform does not tell.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Environment {
    pub cpu: Option<String>,
    pub cores: u32,
    pub kernel: Option<String>,
    pub memory_bytes: Option<u64>,
    pub version: String,
    pub commit: Option<String>,
    /// `release` or `debug`.
    pub build_profile: String,
    /// The server's command line without the values that differ between trials.
    pub server_arguments: Vec<String>,
    /// The core of each, where they are pinned.
    pub server_core: Option<u32>,
    pub generator_core: Option<u32>,
    /// Whether the cores were kept from halting: a halted one wakes late.
    #[serde(default)]
    pub kept_awake: bool,
    pub tcp_info: bool,
    pub proc_fs: bool,
}

/// The least that could be measured here.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Floor {
    /// What reading the clock costs, mean, in nanoseconds.
    pub clock_ns: f64,
    /// A raw TCP echo over the loopback, there and back.
    pub echo_us: Hist,
    /// The same through the emulated link, for each delay that was used.
    pub links: Vec<LinkFloor>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LinkFloor {
    pub one_way_ms: f64,
    pub echo_us: Hist,
    /// The delay given to each piece minus the delay asked for: both directions.
    pub error_us: Hist,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trial {
    pub experiment: String,
    pub transport: Transport,
    /// The transport's name; `NAME (again)` for the second label of the A/A cell.
    pub label: String,
    /// `PARAMETER=VALUE`, several joined by `;`.
    pub level: Option<String>,
    pub repetition: u32,
    /// Its place in the whole run, from 0.
    pub order: u32,
    /// The measured span.
    pub seconds: f64,
    pub void: Option<String>,
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

/// What the receiving clients sent and received in the measured span. The first three divide all
/// of it by kind, the next two by direction; the last two add 52 bytes a segment.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bytes {
    pub payload: u64,
    pub headers: u64,
    pub framing: u64,
    pub up: u64,
    pub down: u64,
    pub ip_up: Option<u64>,
    pub ip_down: Option<u64>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Segments {
    pub up: Option<u64>,
    pub down: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpDown {
    pub up: u64,
    pub down: u64,
}

/// Mean bytes in the measured span; `null` where there were none of the kind.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sizes {
    /// Head of a poll's request.
    pub request: Option<f64>,
    /// Head of a 204.
    pub empty_answer: Option<f64>,
    /// Head of a 200.
    pub full_answer: Option<f64>,
    /// A message's JSON.
    pub message: Option<f64>,
}

/// `null` where the platform has no /proc.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ServerCost {
    pub cpu_us: Option<f64>,
    pub pss_bytes: Option<u64>,
    /// Before the first client came.
    pub pss_idle_bytes: Option<u64>,
    /// What the kernel held for all TCP sockets of this machine at the end of the span.
    pub socket_bytes: Option<u64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GeneratorCost {
    pub cpu_us: Option<f64>,
    /// Actual minus intended instant of each send.
    pub slip_us: Hist,
}

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
    /// What ended the search: `latency`, `generator` or `schedule`. Only the first is the server's
    /// limit; the others mean *at least*.
    pub limit: String,
    pub steps: Vec<CapacityStep>,
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

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Estimate {
    pub experiment: String,
    pub transport: Transport,
    pub level: Option<String>,
    pub metric: String,
    pub value: Option<f64>,
    pub ci95: Option<[f64; 2]>,
    pub theory: Option<f64>,
}

/// `ratio` is the value of `a` over that of `b`, both labels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comparison {
    pub experiment: String,
    pub level: Option<String>,
    pub metric: String,
    pub a: String,
    pub b: String,
    pub ratio: Option<f64>,
    pub ci95: Option<[f64; 2]>,
    /// Of the A/A cell alone: the interval of its gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ci99_9: Option<[f64; 2]>,
}

impl Results {
    /// # Errors
    /// A file that is not there, cannot be read or is not of this format.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(folder.join("results.json"))?;
        serde_json::from_str(&text).map_err(io::Error::from)
    }

    /// # Errors
    /// A folder that cannot be written to.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        fs::write(folder.join("results.json"), text + "\n")
    }

    /// The experiment of this name, as it was resolved.
    pub fn experiment(&self, name: &str) -> Option<Experiment> {
        let value = self.scenario.experiments.get(name)?;
        serde_json::from_value(value.clone()).ok()
    }
}

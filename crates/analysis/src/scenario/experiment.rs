//! An experiment and its tables, as they are in TOML and in `results.json`.

use protocol::Transport;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{check, pass::Pass};
use crate::metric::Metric;

/// An experiment: a question, the settings that are held and the parameters that are swept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Experiment {
    #[serde(deserialize_with = "check::name")]
    pub name: String,
    pub title: String,
    pub question: String,
    /// What theory predicts, in words.
    pub expect: String,
    pub load: Load,
    pub server: ServerSettings,
    pub outage: Option<Outage>,
    pub network: Network,
    pub transport: TransportSettings,
    pub search: Option<Search>,
    pub sweep: Vec<Sweep>,
    pub runs: Runs,
    /// The controls (A/A) of the experiment.
    pub control: Vec<Control>,
    /// What its cells must reach.
    #[serde(skip_serializing_if = "Pass::is_empty")]
    pub pass: Pass,
}

/// A control (A/A): the last cell of a transport is run under a second label, and the two must be
/// equivalent in these metrics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    pub transport: Transport,
    #[serde(default = "control_metrics")]
    pub metrics: Vec<Metric>,
}

/// The metrics of a control that names none. A transport that sends no requests has no rate of them,
/// and that comparison is left out.
fn control_metrics() -> Vec<Metric> {
    vec![
        Metric::MEAN,
        Metric::IpBytesPerMessage,
        Metric::RequestsPerS,
    ]
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Load {
    /// Rooms side by side, each with its own Poisson stream.
    #[serde(deserialize_with = "check::rooms")]
    pub rooms: u32,
    /// Receiving clients in each room.
    #[serde(deserialize_with = "check::clients")]
    pub clients: u32,
    /// λ: messages a second in each room.
    #[serde(deserialize_with = "check::rate")]
    pub rate: f64,
    /// Length of a message's body in bytes.
    #[serde(deserialize_with = "check::body_bytes")]
    pub body_bytes: u32,
    /// The length of the measured span; with `[search]` the longest time of the search.
    #[serde(deserialize_with = "check::seconds")]
    pub seconds: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Database {
    Memory,
    Sqlite,
    /// Of the lab's own, on the server's core, whose processor time counts as the server's.
    Postgres,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sync {
    Normal,
    Full,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerSettings {
    pub database: Database,
    /// The `synchronous` setting of a database on the disk; PostgreSQL's `synchronous_commit`.
    pub sync: Sync,
    /// How long the server keeps an idle connection, such as `75s`.
    #[serde(deserialize_with = "check::duration")]
    pub keep_alive: String,
}

/// An outage: the link carries nothing for `seconds`, from `at` seconds after the start of the
/// measured span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outage {
    #[serde(deserialize_with = "check::seconds")]
    pub at: f64,
    #[serde(deserialize_with = "check::seconds")]
    pub seconds: f64,
}

/// The emulated link; there is none when all its values are 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Network {
    /// d: delay each way.
    #[serde(deserialize_with = "check::delay_ms")]
    pub one_way_ms: f64,
    /// The delay varies by up to this much in both directions, uniformly. The order of the data is
    /// kept.
    #[serde(deserialize_with = "check::delay_ms")]
    pub jitter_ms: f64,
    /// Kilobits a second in each direction of each connection; unlimited if it is not given.
    #[serde(deserialize_with = "check::rate_kbps")]
    pub rate_kbps: Option<f64>,
}

/// Which header fields a client sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeaderProfile {
    Minimal,
    Browser,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TransportSettings {
    #[serde(deserialize_with = "check::transports")]
    pub list: Vec<Transport>,
    /// T: pause of a short poll.
    #[serde(deserialize_with = "check::interval_ms")]
    pub interval_ms: f64,
    /// The target of short polling's mean latency; sets `interval_ms` to 2·(target − 2d).
    #[serde(deserialize_with = "check::target_ms")]
    pub target_ms: Option<f64>,
    /// M: longest wait of a long poll.
    #[serde(deserialize_with = "check::wait_s")]
    pub wait_s: u32,
    pub headers: HeaderProfile,
    /// Whether a client keeps its connection between polls.
    pub keep_alive: bool,
}

/// A load ramp: the message rate is raised step by step until the p99 of a step exceeds the limit,
/// then bisected between the greatest rate that held and the least that did not. It ends within
/// `load.seconds`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    #[serde(deserialize_with = "check::delay_ms")]
    pub p99_ms: f64,
    /// Length of a step.
    #[serde(deserialize_with = "check::seconds")]
    pub step_seconds: f64,
    /// While the rate is raised, the rate of each step divided by that of the step before; the
    /// first has `load.rate`.
    #[serde(deserialize_with = "check::factor")]
    pub factor: f64,
}

/// A swept parameter (`rate`, or `load.rate` where two tables have the key) and its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    pub parameter: String,
    pub values: Vec<Value>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Runs {
    #[serde(deserialize_with = "check::repetitions")]
    pub repetitions: u32,
}

impl Search {
    /// The ratio of the least rate that did not hold to the greatest that held, at which the
    /// capacity is found.
    pub const PRECISION: f64 = 1.05;
    /// The greatest rate of a step, in messages a second in each room.
    pub const MOST_RATE: f64 = check::MOST_RATE;
    /// A capacity in deliveries a second that one core had in trials, for estimates of time.
    const TYPICAL_CAPACITY: f64 = 100_000.0;

    /// The estimated time of a search in seconds, if the server has a typical capacity: every step
    /// lasts `step_seconds`, and its deliveries at most the limit of latency longer.
    pub fn expected_seconds(&self, load: &Load) -> f64 {
        let first = load.rate * f64::from(load.rooms * load.clients);
        let raised = (Self::TYPICAL_CAPACITY / first.max(1.0)).max(1.0).ln() / self.factor.ln();
        let halvings = (self.factor.ln() / Self::PRECISION.ln()).log2().max(0.0);
        let steps = raised.ceil() + 1.0 + halvings.ceil();
        (steps * (self.step_seconds + self.p99_ms / 1_000.0)).min(load.seconds)
    }
}

impl Network {
    /// Whether there is an emulated link.
    pub fn is_emulated(&self) -> bool {
        self.one_way_ms > 0.0 || self.jitter_ms > 0.0 || self.rate_kbps.is_some()
    }
}

impl Default for Experiment {
    fn default() -> Self {
        Experiment {
            name: "unnamed".into(),
            title: String::new(),
            question: String::new(),
            expect: String::new(),
            load: Load::default(),
            server: ServerSettings::default(),
            outage: None,
            network: Network::default(),
            transport: TransportSettings::default(),
            search: None,
            sweep: Vec::new(),
            runs: Runs::default(),
            control: Vec::new(),
            pass: Pass::default(),
        }
    }
}

impl Control {
    /// The control of a transport in the usual metrics.
    pub fn of(transport: Transport) -> Self {
        Control {
            transport,
            metrics: control_metrics(),
        }
    }
}

impl Experiment {
    /// The metrics in which the control of a transport must be equivalent.
    pub fn control_metrics(&self, transport: Transport) -> Vec<Metric> {
        let own = self.control.iter().find(|one| one.transport == transport);
        let named = own.map_or_else(control_metrics, |one| one.metrics.clone());
        let applies = |metric: &Metric| *metric != Metric::RequestsPerS || transport.is_poll();
        named.into_iter().filter(applies).collect()
    }
}

impl Default for Load {
    fn default() -> Self {
        Load {
            rooms: 50,
            clients: 1,
            rate: 1.0,
            body_bytes: 120,
            seconds: 10.0,
        }
    }
}

impl Default for ServerSettings {
    fn default() -> Self {
        ServerSettings {
            database: Database::Memory,
            sync: Sync::Full,
            keep_alive: "75s".into(),
        }
    }
}

impl Default for TransportSettings {
    fn default() -> Self {
        TransportSettings {
            list: Transport::ALL.to_vec(),
            interval_ms: 2_000.0,
            target_ms: None,
            wait_s: 30,
            headers: HeaderProfile::Minimal,
            keep_alive: true,
        }
    }
}

impl Default for Runs {
    fn default() -> Self {
        Runs { repetitions: 10 }
    }
}

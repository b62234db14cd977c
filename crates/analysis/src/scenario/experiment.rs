//! An experiment and its parts, as TOML and `results.json` spell them.

use protocol::Transport;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::check;

/// One question with the load, the settings and the levels that answer it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Experiment {
    #[serde(deserialize_with = "check::name")]
    pub name: String,
    pub title: String,
    pub question: String,
    /// What theory leads to expect, in words.
    pub expect: String,
    pub load: Load,
    pub server: Server,
    pub outage: Option<Outage>,
    pub network: Network,
    pub transport: Transports,
    pub search: Option<Search>,
    pub sweep: Vec<Sweep>,
    pub runs: Runs,
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
    /// The measured span.
    #[serde(deserialize_with = "check::seconds")]
    pub seconds: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Database {
    Memory,
    Sqlite,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sync {
    Normal,
    Full,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    pub database: Database,
    /// Of a database on the disk.
    pub sync: Sync,
    /// How long the server keeps an idle connection, such as `75s`.
    #[serde(deserialize_with = "check::duration")]
    pub keep_alive: String,
}

/// The link carries nothing from `at` on, for `seconds`. From the beginning of the measured span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outage {
    #[serde(deserialize_with = "check::seconds")]
    pub at: f64,
    #[serde(deserialize_with = "check::seconds")]
    pub seconds: f64,
}

/// The emulated link; none at all when everything is 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Network {
    /// d: delay each way.
    #[serde(deserialize_with = "check::delay_ms")]
    pub one_way_ms: f64,
    /// Up to this much more or less, uniformly; what was sent first still arrives first.
    #[serde(deserialize_with = "check::delay_ms")]
    pub jitter_ms: f64,
    /// Kilobits a second each way of each connection; unlimited where it is not given.
    #[serde(deserialize_with = "check::rate_kbps")]
    pub rate_kbps: Option<f64>,
}

/// What a client sends as its headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Headers {
    Minimal,
    Browser,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Transports {
    #[serde(deserialize_with = "check::transports")]
    pub list: Vec<Transport>,
    /// T: pause of a short poll.
    #[serde(deserialize_with = "check::interval_ms")]
    pub interval_ms: f64,
    /// The mean latency that polling is to have; settles `interval_ms` as 2·(target − 2d).
    #[serde(deserialize_with = "check::target_ms")]
    pub target_ms: Option<f64>,
    /// M: longest wait of a long poll.
    #[serde(deserialize_with = "check::wait_s")]
    pub wait_s: u32,
    pub headers: Headers,
    /// Whether a client keeps its connection between polls.
    pub keep_alive: bool,
}

/// Raises the message rate step by step until a step's p99 exceeds the limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    #[serde(deserialize_with = "check::delay_ms")]
    pub p99_ms: f64,
    /// Length of a step.
    #[serde(deserialize_with = "check::seconds")]
    pub step_seconds: f64,
    /// Each step has this many times the rate of the one before; the first has `load.rate`.
    #[serde(deserialize_with = "check::factor")]
    pub factor: f64,
}

/// A parameter (`rate`, or `load.rate` where two tables have the name) and what it is set to.
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
    /// How many steps the measured span has room for.
    pub fn steps(&self, load: &Load) -> u32 {
        (load.seconds / self.step_seconds + 1e-9) as u32
    }

    /// λ in a step, from 0.
    pub fn rate(&self, load: &Load, step: u32) -> f64 {
        load.rate * self.factor.powi(step as i32)
    }
}

impl Network {
    /// Whether there is a link at all.
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
            server: Server::default(),
            outage: None,
            network: Network::default(),
            transport: Transports::default(),
            search: None,
            sweep: Vec::new(),
            runs: Runs::default(),
        }
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

impl Default for Server {
    fn default() -> Self {
        Server {
            database: Database::Memory,
            sync: Sync::Full,
            keep_alive: "75s".into(),
        }
    }
}

impl Default for Transports {
    fn default() -> Self {
        Transports {
            list: Transport::ALL.to_vec(),
            interval_ms: 2_000.0,
            target_ms: None,
            wait_s: 30,
            headers: Headers::Minimal,
            keep_alive: true,
        }
    }
}

impl Default for Runs {
    fn default() -> Self {
        Runs { repetitions: 10 }
    }
}

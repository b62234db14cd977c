//! Under what conditions a run was made, and the least that could be measured in them.

use serde::{Deserialize, Serialize};

use crate::samples::Hist;

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
pub struct Baseline {
    /// What reading the clock costs, mean, in nanoseconds.
    pub clock_ns: f64,
    /// A raw TCP echo over the loopback, there and back.
    pub echo_us: Hist,
    /// The same through the emulated link, for each delay that was used.
    pub links: Vec<LinkBaseline>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LinkBaseline {
    pub one_way_ms: f64,
    pub echo_us: Hist,
    /// The delay given to each piece minus the delay asked for: both directions.
    pub error_us: Hist,
}

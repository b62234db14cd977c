//! The conditions of a run, and the baseline of its machine.

use serde::{Deserialize, Serialize};

use crate::samples::SamplesRecord;

/// The conditions that affect the figures. A value that the platform does not report is `null`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Environment {
    pub cpu: Option<String>,
    pub cores: u32,
    pub kernel: Option<String>,
    pub memory_bytes: Option<u64>,
    /// The disk with the databases of the trials: its name, and its model where it has one.
    #[serde(default)]
    pub disk: Option<String>,
    /// The type of the file system there: `ext4`.
    #[serde(default)]
    pub file_system: Option<String>,
    /// Mains or battery, and the governor of the processor's frequency.
    #[serde(default)]
    pub power: Option<String>,
    pub version: String,
    pub commit: Option<String>,
    /// `release` or `debug`.
    pub build_profile: String,
    /// The server's command line, without the values that differ between trials.
    pub server_arguments: Vec<String>,
    /// The cores that server and generator are pinned to; `null` where they are not.
    pub server_core: Option<u32>,
    pub generator_core: Option<u32>,
    /// Whether the cores were kept from halting. A halted core takes time to wake.
    #[serde(default)]
    pub kept_awake: bool,
    pub tcp_info: bool,
    pub proc_fs: bool,
    /// The fault that was planted on purpose, to test the gates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planted: Option<String>,
}

/// The least that could be measured on this machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Baseline {
    /// The mean duration of a clock reading, in nanoseconds.
    pub clock_ns: f64,
    /// The round trip of a TCP echo over the loopback.
    pub echo_us: SamplesRecord,
    /// The same echo through the emulated link, for each link of the run.
    pub links: Vec<LinkBaseline>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LinkBaseline {
    pub one_way_ms: f64,
    pub echo_us: SamplesRecord,
    /// The actual minus the configured delay of each piece of data, both directions.
    pub error_us: SamplesRecord,
}

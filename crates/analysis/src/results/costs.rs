//! The costs of a trial: bytes, segments, processor time, memory.

use serde::{Deserialize, Serialize};

use crate::samples::SamplesRecord;

/// The bytes of all receivers in the measured span. `payload`, `headers` and `framing` divide them
/// by kind, `up` and `down` by direction; `ip_up` and `ip_down` add 52 bytes a segment.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ClientBytes {
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MeanSizes {
    /// The header section of a poll's request.
    pub request: Option<f64>,
    /// The header section of an empty response (204).
    #[serde(rename = "empty_answer")]
    pub empty_response: Option<f64>,
    /// The header section of a response with messages (200).
    #[serde(rename = "full_answer")]
    pub full_response: Option<f64>,
    /// A message's JSON.
    pub message: Option<f64>,
}

/// `null` where the platform has no /proc.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ServerCost {
    pub cpu_us: Option<f64>,
    pub pss_bytes: Option<u64>,
    /// Before the first client connected.
    pub pss_idle_bytes: Option<u64>,
    /// The kernel's memory for all TCP sockets of this machine, at the end of the span.
    pub socket_bytes: Option<u64>,
    /// How long the server's threads were ready to run and waited for a processor, added up over
    /// the threads, in the span.
    #[serde(default)]
    pub run_delay_us: Option<f64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GeneratorCost {
    pub cpu_us: Option<f64>,
    /// How much later than scheduled each message was sent.
    #[serde(rename = "slip_us")]
    pub schedule_delay_us: SamplesRecord,
    /// How much later than the kernel had received them the receivers read the bytes of each
    /// message. Of bytes that the kernel joined, the last ones count. `null` where the kernel gives
    /// no time stamps.
    #[serde(default)]
    pub lag_us: Option<SamplesRecord>,
    /// How long the lab's threads were ready to run and waited for a processor, added up over the
    /// threads, in the span; without the threads that keep the processors awake.
    #[serde(default)]
    pub run_delay_us: Option<f64>,
}

/// The share of the span in which a core worked for neither the lab nor its server, and did not
/// idle; `null` where it is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OtherLoad {
    pub server_core: Option<f64>,
    pub generator_core: Option<f64>,
}

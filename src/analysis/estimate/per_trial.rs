//! What one trial by itself says of each metric that is no latency. Rates are per client.

use crate::analysis::results::{OutageRecord, Trial};

/// A metric of a trial.
pub struct PerTrial {
    pub name: &'static str,
    /// `None` where it is not known, or would be divided by nothing.
    pub of: fn(&Trial) -> Option<f64>,
    /// Whether a trial like this could have it at all.
    pub possible: fn(&Trial) -> bool,
}

const fn metric(
    name: &'static str,
    of: fn(&Trial) -> Option<f64>,
    possible: fn(&Trial) -> bool,
) -> PerTrial {
    PerTrial { name, of, possible }
}

const ALWAYS: fn(&Trial) -> bool = |_| true;
const WITH_MESSAGES: fn(&Trial) -> bool = |trial| trial.expected > 0;

/// In the order of `results.json`.
pub const PER_TRIAL: [PerTrial; 11] = [
    metric(
        "requests_per_s",
        |trial| rate(trial, Some(trial.requests)),
        ALWAYS,
    ),
    metric(
        "empty_share",
        |trial| over(trial.empty as f64, trial.requests as f64),
        ALWAYS,
    ),
    metric(
        "app_bytes_per_message",
        |trial| per_delivery(trial, app(trial)),
        WITH_MESSAGES,
    ),
    metric(
        "ip_bytes_per_message",
        |trial| per_delivery(trial, ip(trial)),
        WITH_MESSAGES,
    ),
    metric("app_bytes_per_s", |trial| rate(trial, app(trial)), ALWAYS),
    metric("ip_bytes_per_s", |trial| rate(trial, ip(trial)), ALWAYS),
    metric(
        "segments_per_s",
        |trial| rate(trial, segments(trial)),
        ALWAYS,
    ),
    metric(
        "server_cpu_us_per_delivery",
        cpu_per_delivery,
        WITH_MESSAGES,
    ),
    metric("pss_bytes_per_client", pss_per_client, ALWAYS),
    metric("capacity_deliveries_per_s", capacity, |trial| {
        trial.capacity.is_some()
    }),
    metric("catch_up_bytes_per_client", catch_up, |trial| {
        trial.outage.is_some()
    }),
];

/// The metric of this name.
pub fn find(name: &str) -> Option<&'static PerTrial> {
    PER_TRIAL.iter().find(|metric| metric.name == name)
}

fn over(value: f64, of: f64) -> Option<f64> {
    (of > 0.0).then(|| value / of)
}

fn rate(trial: &Trial, value: Option<u64>) -> Option<f64> {
    over(value? as f64, trial.seconds * f64::from(trial.clients))
}

fn per_delivery(trial: &Trial, value: Option<u64>) -> Option<f64> {
    over(value? as f64, trial.received as f64)
}

fn app(trial: &Trial) -> Option<u64> {
    Some(trial.bytes.up + trial.bytes.down)
}

fn ip(trial: &Trial) -> Option<u64> {
    Some(trial.bytes.ip_up? + trial.bytes.ip_down?)
}

fn segments(trial: &Trial) -> Option<u64> {
    Some(trial.segments.up? + trial.segments.down?)
}

fn cpu_per_delivery(trial: &Trial) -> Option<f64> {
    over(trial.server.cpu_us?, trial.received as f64)
}

/// What the clients added to the server's memory, each.
fn pss_per_client(trial: &Trial) -> Option<f64> {
    let added = trial.server.pss_bytes? as f64 - trial.server.pss_idle_bytes? as f64;
    over(added, f64::from(trial.clients))
}

/// Of all clients together.
fn capacity(trial: &Trial) -> Option<f64> {
    trial.capacity.as_ref().map(|found| found.deliveries_per_s)
}

fn catch_up(trial: &Trial) -> Option<f64> {
    let OutageRecord { catch_up_bytes, .. } = trial.outage.as_ref()?;
    over(*catch_up_bytes as f64, f64::from(trial.clients))
}

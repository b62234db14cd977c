//! A metric's value in one trial: what intervals over trials are made of.

use crate::analysis::{results::Trial, samples::Hist};

use super::metrics::quantile;

/// `None` where the trial does not tell. A quantile here may rest on few samples: it is good for
/// the spread between trials alone.
pub fn value(trial: &Trial, metric: &str) -> Option<f64> {
    if let Some(rest) = metric.strip_prefix("delivery_") {
        return latency(&trial.delivery_us, rest);
    }
    if let Some(rest) = metric.strip_prefix("end_to_end_") {
        return latency(&trial.end_to_end_us, rest);
    }
    rate(trial, metric).or_else(|| cost(trial, metric))
}

fn latency(hist: &Hist, which: &str) -> Option<f64> {
    match which {
        "mean_us" => hist.mean,
        "max_us" => hist.max.map(|max| max as f64),
        which => {
            let q = quantile(&format!("_{which}"))?;
            let samples = hist.samples().ok()?;
            (samples.count() > 0).then(|| samples.raw_quantile(q) as f64)
        }
    }
}

fn rate(trial: &Trial, metric: &str) -> Option<f64> {
    let bytes = &trial.bytes;
    let app = (bytes.up + bytes.down) as f64;
    let ip = both(bytes.ip_up, bytes.ip_down);
    let client_seconds = trial.seconds * f64::from(trial.clients);
    let each = |amount: f64| ratio(amount, client_seconds);
    let per_message = |amount: f64| ratio(amount, trial.received as f64);
    match metric {
        "requests_per_s" => each(trial.requests as f64),
        "empty_share" => ratio(trial.empty as f64, trial.requests as f64),
        "app_bytes_per_message" => per_message(app),
        "app_bytes_per_s" => each(app),
        "ip_bytes_per_message" => per_message(ip?),
        "ip_bytes_per_s" => each(ip?),
        "segments_per_s" => each(both(trial.segments.up, trial.segments.down)?),
        "connections_per_request" => ratio(trial.connections as f64, trial.requests as f64),
        _ => None,
    }
}

fn cost(trial: &Trial, metric: &str) -> Option<f64> {
    let clients = f64::from(trial.clients);
    let server = &trial.server;
    match metric {
        "server_cpu_us_per_delivery" => ratio(server.cpu_us?, trial.received as f64),
        "server_cpu_us_per_client_s" => ratio(server.cpu_us?, clients * trial.seconds),
        "pss_bytes_per_client" => ratio(
            server.pss_bytes? as f64 - server.pss_idle_bytes? as f64,
            clients,
        ),
        "capacity_deliveries_per_s" => trial.capacity.as_ref().map(|found| found.deliveries_per_s),
        "noticed_share" => ratio(f64::from(trial.outage.as_ref()?.noticed), clients),
        "notice_p50_us" => latency(&trial.outage.as_ref()?.notice_us, "p50_us"),
        "recover_p50_us" => latency(&trial.outage.as_ref()?.recover_us, "p50_us"),
        "catch_up_bytes_per_client" => ratio(trial.outage.as_ref()?.catch_up_bytes as f64, clients),
        _ => None,
    }
}

fn both(up: Option<u64>, down: Option<u64>) -> Option<f64> {
    Some((up? + down?) as f64)
}

fn ratio(a: f64, b: f64) -> Option<f64> {
    (b > 0.0).then(|| a / b)
}

//! What theory expects of a cell: from the configured T, λ and M, and the measured d and sizes.

use std::collections::BTreeMap;

use super::{cells::Cell, measured::mean};
use crate::{
    duration,
    lab::{
        results::{Sizes, Trial},
        scenario::Experiment,
        theory::{
            Delivery, Path, Setting, app_bytes_per_s, delivery, ip_bytes_per_s, mean_digits,
            segments_per_s,
        },
    },
    wire::Transport,
};

/// The models' values for a cell. `None` where a model does not apply.
pub struct Expected {
    rate: f64,
    delivery: Option<Delivery>,
    app: Option<f64>,
    ip: Option<f64>,
    segments: Option<f64>,
}

impl Expected {
    /// `None` where no model applies: a link that is cut, uneven or narrow, a rate that is
    /// searched for, or a d that nobody measured. Several clients a room are as one each: what
    /// serving the others first costs is neglected.
    pub fn of(cell: &Cell, experiments: &BTreeMap<String, Experiment>) -> Option<Self> {
        let experiment = experiments.get(cell.experiment)?.at(cell.level).ok()?;
        let trials = cell.valid();
        let one_way = mean_of(&trials, |trial| trial.one_way_us)? / 1e6;
        let setting = setting(&experiment, cell.transport, one_way)?;
        let (transport, sizes) = (cell.transport, sizes(&trials));
        let digits = digits(&experiment, &trials);
        let path = Path::of(experiment.network.is_emulated(), one_way);
        Some(Expected {
            rate: setting.rate,
            delivery: delivery(transport, &setting),
            app: app_bytes_per_s(transport, &setting, &sizes, digits),
            ip: ip_bytes_per_s(transport, &setting, &sizes, digits, path),
            segments: segments_per_s(transport, &setting, path),
        })
    }

    /// The value of a metric by its name in `results.json`, in its unit.
    pub fn metric(&self, name: &str) -> Option<f64> {
        let micros = |of: fn(&Delivery) -> f64| {
            let delivery = self.delivery.filter(|_| self.rate > 0.0);
            delivery.map(|delivery| of(&delivery) * 1e6)
        };
        let per_message = |bytes: Option<f64>| Some(bytes.filter(|_| self.rate > 0.0)? / self.rate);
        match name {
            "delivery_mean_us" => micros(|delivery| delivery.latency.mean()),
            "delivery_p50_us" => micros(|delivery| delivery.latency.quantile(0.5)),
            "delivery_p90_us" => micros(|delivery| delivery.latency.quantile(0.9)),
            "delivery_p95_us" => micros(|delivery| delivery.latency.quantile(0.95)),
            "delivery_p99_us" => micros(|delivery| delivery.latency.quantile(0.99)),
            "delivery_p99_9_us" => micros(|delivery| delivery.latency.quantile(0.999)),
            "delivery_max_us" => micros(|delivery| delivery.latency.most()),
            "requests_per_s" => self.delivery.map(|delivery| delivery.requests_per_s()),
            "empty_share" => self.delivery.and_then(|delivery| delivery.empty_share()),
            "app_bytes_per_s" => self.app,
            "ip_bytes_per_s" => self.ip,
            "app_bytes_per_message" => per_message(self.app),
            "ip_bytes_per_message" => per_message(self.ip),
            "segments_per_s" => self.segments,
            _ => None,
        }
    }
}

fn setting(experiment: &Experiment, transport: Transport, one_way: f64) -> Option<Setting> {
    let network = &experiment.network;
    let even = network.jitter_ms == 0.0 && network.rate_kbps.is_none();
    if !even || experiment.outage.is_some() || experiment.search.is_some() {
        return None;
    }
    let kept = Setting {
        one_way,
        interval: experiment.transport.interval_ms / 1e3,
        rate: experiment.load.rate,
        wait: f64::from(experiment.transport.wait_s),
        handshakes: 0.0,
    };
    let handshakes = if keeps(experiment, transport, &kept) {
        0.0
    } else {
        1.0
    };
    Some(Setting { handshakes, ..kept })
}

/// Whether a poll finds the connection of the one before: both sides keep it for that long.
fn keeps(experiment: &Experiment, transport: Transport, setting: &Setting) -> bool {
    let idle = match transport {
        Transport::ShortPoll => setting.cycle(),
        Transport::LongPoll => setting.gap(),
        Transport::Sse | Transport::WebSocket => return true,
    };
    let kept = duration::parse(&experiment.server.keep_alive);
    experiment.transport.keep_alive && kept.is_ok_and(|kept| idle < kept.as_secs_f64())
}

/// The mean length of the numbers of a room's messages, those of the warm-up neglected.
fn digits(experiment: &Experiment, trials: &[&Trial]) -> f64 {
    let published = mean_of(trials, |trial| Some(trial.published as f64)).unwrap_or_default();
    mean_digits(published / f64::from(experiment.load.rooms))
}

fn sizes(trials: &[&Trial]) -> Sizes {
    Sizes {
        request: mean_of(trials, |trial| trial.sizes.request),
        empty_answer: mean_of(trials, |trial| trial.sizes.empty_answer),
        full_answer: mean_of(trials, |trial| trial.sizes.full_answer),
        message: mean_of(trials, |trial| trial.sizes.message),
    }
}

fn mean_of(trials: &[&Trial], of: fn(&Trial) -> Option<f64>) -> Option<f64> {
    let known: Vec<_> = trials.iter().filter_map(|trial| of(trial)).collect();
    mean(&known)
}

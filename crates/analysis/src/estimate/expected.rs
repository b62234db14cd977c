//! What theory expects of a cell: from the configured T, λ and M, and the measured d and sizes.

use protocol::{Transport, duration};

use super::measured::mean;
use crate::{
    metric::{Kind, Metric, Statistic},
    results::{Sizes, Trial},
    scenario::Experiment,
    theory::{
        Delivery, Latency, ModelInputs, Path, app_bytes_per_s, byte_crossover, delivery,
        ip_bytes_per_s, mean_digits, mean_fan_out, segments_per_s,
    },
};

/// What theory takes from the measurement; all else is as configured.
#[derive(Clone, Debug)]
pub struct Given {
    /// d, in seconds.
    pub one_way: f64,
    pub sizes: Sizes,
    /// The mean length of a message's number.
    pub digits: f64,
    /// c, in seconds: what a delivery costs the server's processor, its post included.
    pub send: Option<f64>,
}

impl Given {
    /// Of a cell's valid trials; `None` where nobody measured d.
    pub fn of(experiment: &Experiment, trials: &[&Trial]) -> Option<Self> {
        Some(Given {
            one_way: mean_of(trials, |trial| trial.one_way_us)? / 1e6,
            sizes: sizes(trials),
            digits: digits(experiment, trials),
            send: mean_of(trials, send),
        })
    }
}

/// The models' values for a transport under one setting. `None` where a model does not apply.
pub struct Expected {
    transport: Transport,
    setting: ModelInputs,
    given: Given,
    path: Path,
    /// In each room.
    clients: u32,
}

impl Expected {
    /// Of an experiment at one level. `None` where no model applies: a link that is cut, uneven or
    /// narrow, or a rate that is searched for.
    pub fn at(experiment: &Experiment, transport: Transport, given: Given) -> Option<Self> {
        Some(Expected {
            transport,
            setting: setting(experiment, transport, given.one_way)?,
            path: Path::of(experiment.network.is_emulated(), given.one_way),
            clients: experiment.load.clients,
            given,
        })
    }

    /// How long a delivery takes; of no messages there is nothing to tell.
    pub fn latency(&self) -> Option<Latency> {
        let delivery = self.delivery().filter(|_| self.setting.rate > 0.0);
        delivery.map(|delivery| delivery.latency)
    }

    /// λ*: see [`byte_crossover`].
    pub fn byte_crossover(&self) -> Option<f64> {
        let Given { sizes, digits, .. } = &self.given;
        byte_crossover(&self.setting, sizes, *digits, self.path)
    }

    /// What theory expects of a metric, in the metric's unit.
    pub fn of(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::Latency(Kind::Delivery, Statistic::Mean) => Some(self.mean()? * 1e6),
            Metric::Latency(Kind::Delivery, Statistic::Quantile(which)) => {
                Some(self.alone()?.quantile(which.share()) * 1e6)
            }
            Metric::Latency(Kind::Delivery, Statistic::Max) => Some(self.alone()?.most() * 1e6),
            Metric::RequestsPerS => Some(self.delivery()?.requests_per_s()),
            Metric::EmptyShare => self.delivery()?.empty_share(),
            Metric::AppBytesPerS => self.app(),
            Metric::IpBytesPerS => self.ip(),
            Metric::AppBytesPerMessage => self.per_message(self.app()),
            Metric::IpBytesPerMessage => self.per_message(self.ip()),
            Metric::SegmentsPerS => segments_per_s(self.transport, &self.setting, self.path),
            // What a commit takes, a processor, a memory or a broken link: no model here knows.
            Metric::Latency(Kind::EndToEnd, _)
            | Metric::CpuPerDelivery
            | Metric::CpuPerClientS
            | Metric::PssPerClient
            | Metric::Capacity
            | Metric::CatchUpPerClient
            | Metric::RecoverP50
            | Metric::NoticeP50
            | Metric::NoticedShare
            | Metric::ConnectionsPerRequest => None,
        }
    }

    /// The latency of a client that nobody else is served before. Short polls of a room come at
    /// different moments; all others are served at once, one after the other, and of their
    /// distribution there is no model.
    fn alone(&self) -> Option<Latency> {
        let alone = self.clients <= 1 || self.transport.pauses();
        self.latency().filter(|_| alone)
    }

    /// The mean latency in seconds, with the wait for those that are served before.
    fn mean(&self) -> Option<f64> {
        match self.alone() {
            Some(latency) => Some(latency.mean()),
            None => {
                let clients = f64::from(self.clients);
                let wait = mean_fan_out(clients, self.setting.rate, self.given.send?)?;
                Some(self.latency()?.mean() + wait)
            }
        }
    }

    fn delivery(&self) -> Option<Delivery> {
        delivery(self.transport, &self.setting)
    }

    fn app(&self) -> Option<f64> {
        let Given { sizes, digits, .. } = &self.given;
        app_bytes_per_s(self.transport, &self.setting, sizes, *digits)
    }

    fn ip(&self) -> Option<f64> {
        let Given { sizes, digits, .. } = &self.given;
        ip_bytes_per_s(self.transport, &self.setting, sizes, *digits, self.path)
    }

    fn per_message(&self, bytes: Option<f64>) -> Option<f64> {
        Some(bytes.filter(|_| self.setting.rate > 0.0)? / self.setting.rate)
    }
}

fn send(trial: &Trial) -> Option<f64> {
    let all = trial.server.cpu_us? / 1e6;
    (trial.received > 0).then(|| all / trial.received as f64)
}

fn setting(experiment: &Experiment, transport: Transport, one_way: f64) -> Option<ModelInputs> {
    let network = &experiment.network;
    let even = network.jitter_ms == 0.0 && network.rate_kbps.is_none();
    if !even || experiment.outage.is_some() || experiment.search.is_some() {
        return None;
    }
    let kept = ModelInputs {
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
    Some(ModelInputs { handshakes, ..kept })
}

/// Whether a poll finds the connection of the one before: both sides keep it for that long.
fn keeps(experiment: &Experiment, transport: Transport, setting: &ModelInputs) -> bool {
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

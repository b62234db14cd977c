//! Theory of a cell: the models' values from the configured T, λ and M and the measured d and
//! sizes.

use protocol::Transport;

use super::{
    cell_estimate::mean,
    configured::{configured_inputs, opened_before_span_s, warm_up_s},
};
use crate::{
    cost::SendCosts,
    metric::{LatencyKind, Metric, Statistic},
    results::{MeanSizes, Trial},
    scenario::Experiment,
    theory::{
        AckMode, ByteInputs, Latency, ModelInputs, Prediction, Span, app_bytes_per_s,
        byte_crossover, ip_bytes_per_s, mean_digits, mean_fan_out, predict, segments_per_s,
    },
};

/// The inputs of theory that are measured in the cell itself; all others are configured, or from the
/// calibration of [`SendCosts`].
#[derive(Clone, Debug)]
pub struct MeasuredInputs {
    /// d, in seconds.
    pub one_way: f64,
    pub sizes: MeanSizes,
    /// The mean number of digits of a message's `seq`.
    pub digits: f64,
}

impl MeasuredInputs {
    /// Of a cell's valid trials; `None` where d was not measured.
    pub fn of(experiment: &Experiment, transport: Transport, trials: &[&Trial]) -> Option<Self> {
        Some(MeasuredInputs {
            one_way: mean_of(trials, |trial| trial.one_way_us)? / 1e6,
            sizes: sizes(trials),
            digits: digits(experiment, transport, trials),
        })
    }
}

/// The models' values for a transport at one level.
pub struct CellTheory {
    transport: Transport,
    inputs: ModelInputs,
    bytes: ByteInputs,
    acks: AckMode,
    /// In each room.
    clients: u32,
    /// The time of one send in seconds, where it was calibrated.
    send: Option<f64>,
}

impl CellTheory {
    /// Theory of an experiment at one level. `None` where no model applies: a link with an outage,
    /// jitter or a limited rate, or a load ramp.
    pub fn at(
        experiment: &Experiment,
        transport: Transport,
        measured: MeasuredInputs,
        sends: &SendCosts,
    ) -> Option<Self> {
        let open = opened_before_span_s(experiment, transport);
        Some(CellTheory {
            transport,
            inputs: model_inputs(experiment, transport, measured.one_way)?,
            acks: AckMode::of(experiment.network.is_emulated(), measured.one_way),
            clients: experiment.load.clients,
            send: sends.seconds(transport),
            bytes: ByteInputs {
                sizes: measured.sizes,
                digits: measured.digits,
                span: Span {
                    open,
                    seconds: experiment.load.seconds,
                },
            },
        })
    }

    /// The same models with a server and clients that take `processing` seconds for each response: what
    /// theory would be if that were an input.
    pub fn with_processing(self, processing: f64) -> Self {
        let inputs = ModelInputs {
            processing,
            ..self.inputs
        };
        CellTheory { inputs, ..self }
    }

    /// The same models with another λ.
    pub fn with_rate(self, rate: f64) -> Self {
        let inputs = ModelInputs {
            rate,
            ..self.inputs
        };
        CellTheory { inputs, ..self }
    }

    /// The latency of a delivery; `None` at a rate of 0.
    pub fn latency(&self) -> Option<Latency> {
        let prediction = self.prediction().filter(|_| self.inputs.rate > 0.0);
        prediction.map(|prediction| prediction.latency)
    }

    /// The crossover λ*: see [`byte_crossover`].
    pub fn byte_crossover(&self) -> Option<f64> {
        let ByteInputs { sizes, digits, .. } = &self.bytes;
        byte_crossover(&self.inputs, sizes, *digits, self.acks)
    }

    /// Theory's value of a metric, in the metric's unit.
    pub fn value(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::Latency(LatencyKind::Delivery, Statistic::Mean) => Some(self.mean()? * 1e6),
            Metric::Latency(LatencyKind::Delivery, Statistic::Quantile(which)) => {
                Some(self.unqueued()?.quantile(which.share()) * 1e6)
            }
            Metric::Latency(LatencyKind::Delivery, Statistic::Max) => {
                Some(self.unqueued()?.most() * 1e6)
            }
            Metric::RequestsPerS => Some(self.prediction()?.requests_per_s()),
            Metric::EmptyShare => self.prediction()?.empty_share(),
            Metric::AppBytesPerS => self.app_bytes(),
            Metric::IpBytesPerS => self.ip_bytes(),
            Metric::AppBytesPerMessage => self.per_message(self.app_bytes()),
            Metric::IpBytesPerMessage => self.per_message(self.ip_bytes()),
            Metric::SegmentsPerS => self.segments(),
            // No model here covers commits, processor time, memory or outages.
            Metric::Latency(LatencyKind::EndToEnd, _)
            | Metric::CpuPerDelivery
            | Metric::CpuPerClientS
            | Metric::PssPerClient
            | Metric::Capacity
            | Metric::CapacityByCpu
            | Metric::CatchUpPerClient
            | Metric::RecoverP50
            | Metric::NoticeP50
            | Metric::NoticedShare
            | Metric::ConnectionsPerRequest => None,
        }
    }

    /// The latency of a client that does not wait for other clients of its room. The short polls of
    /// a room arrive at different instants. With all other transports the server sends a message to
    /// one client after the other, and for the distribution of that wait there is no model.
    fn unqueued(&self) -> Option<Latency> {
        let unqueued = self.clients <= 1 || self.transport.pauses();
        self.latency().filter(|_| unqueued)
    }

    /// The mean latency in seconds, with the wait for the clients that are served before. `None` for
    /// several clients where the time of a send was not calibrated.
    fn mean(&self) -> Option<f64> {
        if let Some(latency) = self.unqueued() {
            Some(latency.mean())
        } else {
            let clients = f64::from(self.clients);
            let wait = mean_fan_out(clients, self.inputs.rate, self.send?)?;
            Some(self.latency()?.mean() + wait)
        }
    }

    fn prediction(&self) -> Option<Prediction> {
        predict(self.transport, &self.inputs)
    }

    fn app_bytes(&self) -> Option<f64> {
        app_bytes_per_s(self.transport, &self.inputs, &self.bytes)
    }

    fn ip_bytes(&self) -> Option<f64> {
        ip_bytes_per_s(self.transport, &self.inputs, &self.bytes, self.acks)
    }

    fn segments(&self) -> Option<f64> {
        segments_per_s(self.transport, &self.inputs, self.bytes.span, self.acks)
    }

    fn per_message(&self, bytes: Option<f64>) -> Option<f64> {
        Some(bytes.filter(|_| self.inputs.rate > 0.0)? / self.inputs.rate)
    }
}

fn model_inputs(
    experiment: &Experiment,
    transport: Transport,
    one_way: f64,
) -> Option<ModelInputs> {
    let network = &experiment.network;
    let constant = network.jitter_ms == 0.0 && network.rate_kbps.is_none();
    let has_model = constant && experiment.outage.is_none() && experiment.search.is_none();
    has_model.then(|| configured_inputs(experiment, transport, one_way))
}

/// The mean number of digits of `seq` in a room, after the messages that the warm-up has on average.
fn digits(experiment: &Experiment, transport: Transport, trials: &[&Trial]) -> f64 {
    let published = mean_of(trials, |trial| Some(trial.published as f64)).unwrap_or_default();
    let before = experiment.load.rate * warm_up_s(experiment, transport);
    mean_digits(before, published / f64::from(experiment.load.rooms))
}

fn sizes(trials: &[&Trial]) -> MeanSizes {
    MeanSizes {
        request: mean_of(trials, |trial| trial.sizes.request),
        empty_response: mean_of(trials, |trial| trial.sizes.empty_response),
        full_response: mean_of(trials, |trial| trial.sizes.full_response),
        message: mean_of(trials, |trial| trial.sizes.message),
    }
}

fn mean_of(trials: &[&Trial], of: fn(&Trial) -> Option<f64>) -> Option<f64> {
    let known: Vec<_> = trials.iter().filter_map(|trial| of(trial)).collect();
    mean(&known)
}

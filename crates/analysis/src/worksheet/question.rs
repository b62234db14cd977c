//! A question of the worksheet.

use protocol::Transport;

use super::parameters::Parameters;
use crate::{
    metric::{Metric, Quantity},
    scenario::Level,
    theory::{self, ModelInputs, Prediction},
};

/// A question with a student's values in it. Its texts are paragraphs of plain text.
#[derive(Clone, Debug)]
pub struct Question {
    /// From 1.
    pub number: usize,
    pub title: &'static str,
    /// The situation.
    pub setting: String,
    /// How to reckon what is asked.
    pub predict: String,
    pub asked: Vec<Asked>,
    /// What the student is to explain.
    pub explain: String,
    pub answer: Answer,
    /// What is measured for it: an experiment of a suite, in TOML.
    pub experiment: String,
}

/// For the lecturer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub reasoning: String,
    pub mistakes: String,
    pub marking: String,
}

/// A number that is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// In the file of predictions, with its unit: `short_poll_mean_ms`.
    pub key: String,
    pub words: String,
    pub quantity: Quantity,
    /// By the models and the sizes of the sheet, in the unit of a metric of this quantity.
    pub answer: f64,
    /// Where it is measured; `None` of what only paper knows.
    pub cell: Option<Cell>,
}

/// A cell of the measurement, and a metric of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub experiment: &'static str,
    pub transport: Transport,
    pub level: Option<Level>,
    pub metric: Metric,
}

impl Asked {
    /// A number that is measured in a cell. `at` names the level in words and in the key.
    pub fn of(cell: Cell, answer: f64, [words, key]: [&str; 2]) -> Self {
        let (of, by) = metric(cell.metric);
        let (transport, slug) = (cell.transport.name(), cell.transport.slug());
        let quantity = cell.metric.quantity();
        let level = |text: &str, separator: &str| match text {
            "" => String::new(),
            text => format!("{separator}{text}"),
        };
        Asked {
            key: format!("{slug}_{by}{}_{}", level(key, "_"), unit(quantity)),
            words: format!("{transport}{}: {of}", level(words, ", ")),
            quantity,
            answer,
            cell: Some(cell),
        }
    }

    /// A number that is reckoned and not measured.
    pub fn on_paper(key: &str, words: &str, quantity: Quantity, answer: f64) -> Self {
        Asked {
            key: format!("{key}_{}", unit(quantity)),
            words: words.into(),
            quantity,
            answer,
            cell: None,
        }
    }

    /// A prediction, which is in the unit of its key, in the unit of the answer.
    pub fn in_its_unit(&self, predicted: f64) -> f64 {
        match self.quantity {
            Quantity::Time => predicted * 1e3,
            Quantity::Share => predicted / 100.0,
            _ => predicted,
        }
    }
}

/// A metric as the sheet calls it, and in keys.
fn metric(metric: Metric) -> (&'static str, &'static str) {
    match metric {
        Metric::MEAN => ("mean latency", "mean"),
        Metric::P95 => ("p95", "p95"),
        Metric::P99 => ("p99", "p99"),
        Metric::MAX => ("longest latency", "longest"),
        Metric::RequestsPerS => ("requests a second", "requests"),
        Metric::EmptyShare => ("share of empty responses", "empty"),
        Metric::AppBytesPerMessage => ("bytes a message, without segments", "size"),
        Metric::IpBytesPerMessage => ("bytes a message, with segments", "size"),
        Metric::AppBytesPerS => ("bytes a second, without segments", "traffic"),
        other => unreachable!("no question asks for {other:?}"),
    }
}

/// The unit of a prediction.
fn unit(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Time => "ms",
        Quantity::Bytes | Quantity::WholeBytes => "bytes",
        Quantity::BytesPerSecond => "bytes_per_s",
        Quantity::PerSecond => "per_s",
        Quantity::Share => "percent",
        Quantity::Count => "count",
    }
}

/// The settings of a model: d, T and λ, with no longest wait and connections that are kept.
pub fn inputs(one_way: f64, interval: f64, rate: f64) -> ModelInputs {
    ModelInputs {
        one_way,
        interval,
        rate,
        wait: f64::INFINITY,
        handshakes: 0.0,
        processing: 0.0,
    }
}

/// What a model says of a transport.
pub fn predicted(transport: Transport, inputs: &ModelInputs) -> Prediction {
    theory::predict(transport, inputs)
        .expect("a response holds what the questions let come together")
}

/// A value of a model in the unit of the metric.
pub fn value(prediction: &Prediction, metric: Metric) -> f64 {
    let us = |seconds: f64| seconds * 1e6;
    match metric {
        Metric::MEAN => us(prediction.latency.mean()),
        Metric::P95 => us(prediction.latency.quantile(0.95)),
        Metric::P99 => us(prediction.latency.quantile(0.99)),
        Metric::MAX => us(prediction.latency.most()),
        Metric::RequestsPerS => prediction.requests_per_s(),
        Metric::EmptyShare => prediction.empty_share().unwrap_or_default(),
        other => unreachable!("no model of a question has {other:?}"),
    }
}

/// A number without needless digits: `0.4`, `1200`, `43.3`.
pub fn plain(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The line that most questions begin with.
pub fn line(parameters: &Parameters) -> String {
    format!(
        "A line with d = {} ms, a pause of T = {} ms",
        plain(parameters.one_way_ms),
        plain(parameters.interval_ms)
    )
}

/// Without what binary fractions leave of a product, so that it is equal to its own text.
pub fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

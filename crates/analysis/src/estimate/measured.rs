//! What a cell's trials say together.

use crate::{
    cells::Cell,
    metric::{Kind, Metric, Quantile, Statistic},
    results::Trial,
    samples::{Hist, Samples},
    stats::around,
};

/// A metric of a cell.
pub struct Measured {
    pub metric: Metric,
    pub value: Option<f64>,
    pub ci95: Option<[f64; 2]>,
}

/// Every metric that any trial of the cell's experiment could have, of the trials that count; all
/// unknown where those are too few.
///
/// # Errors
/// A histogram that cannot be read, and whose it is.
pub fn all(cell: &Cell, cells: &[Cell]) -> Result<Vec<Measured>, String> {
    let siblings = cells
        .iter()
        .filter(|other| other.experiment == cell.experiment);
    let siblings: Vec<_> = siblings.flat_map(|cell| &cell.run).collect();
    let is_due = |metric: &Metric| siblings.iter().any(|trial| could_tell(trial, *metric));
    let mut all = Vec::new();
    for kind in [Kind::Delivery, Kind::EndToEnd] {
        let pool = Pool::of(cell.usable(), |trial| Some(trial.latency(kind)))?;
        let each = Statistic::ALL.map(|which| Metric::Latency(kind, which));
        let due = each.into_iter().zip(Statistic::ALL);
        let due = due.filter(|(metric, _)| is_due(metric));
        all.extend(due.map(|(metric, which)| pool.measured(metric, which)));
    }
    for metric in Metric::OTHERS.into_iter().filter(is_due) {
        all.push(match metric {
            Metric::RecoverP50 => recovery(cell)?,
            metric => mean_over_trials(metric, cell),
        });
    }
    Ok(all)
}

/// Whether a trial like this could have an estimate of a metric at all.
fn could_tell(trial: &Trial, metric: Metric) -> bool {
    match metric {
        Metric::RequestsPerS
        | Metric::EmptyShare
        | Metric::AppBytesPerS
        | Metric::IpBytesPerS
        | Metric::SegmentsPerS
        | Metric::PssPerClient => true,
        Metric::Latency(..)
        | Metric::AppBytesPerMessage
        | Metric::IpBytesPerMessage
        | Metric::CpuPerDelivery => trial.expected > 0,
        Metric::Capacity => trial.capacity.is_some(),
        Metric::CatchUpPerClient | Metric::RecoverP50 => trial.outage.is_some(),
        // The report takes these from the trials.
        Metric::ConnectionsPerRequest
        | Metric::CpuPerClientS
        | Metric::NoticeP50
        | Metric::NoticedShare => false,
    }
}

fn mean_over_trials(metric: Metric, cell: &Cell) -> Measured {
    let told = cell.usable().iter();
    let values: Vec<_> = told.filter_map(|trial| trial.value(metric)).collect();
    let value = mean(&values);
    Measured {
        metric,
        value,
        ci95: value.and_then(|value| around(value, &values, 0.95)),
    }
}

fn recovery(cell: &Cell) -> Result<Measured, String> {
    let pool = Pool::of(cell.usable(), |trial| {
        Some(&trial.outage.as_ref()?.recover_us)
    })?;
    let median = Statistic::Quantile(Quantile::P50);
    Ok(pool.measured(Metric::RecoverP50, median))
}

/// A cell's samples: merged for the value, and of each trial for how far it can be trusted.
struct Pool {
    merged: Samples,
    /// Trials without samples left out.
    each: Vec<Samples>,
}

impl Pool {
    fn of<'a>(
        trials: &[&'a Trial],
        hist: impl Fn(&'a Trial) -> Option<&'a Hist>,
    ) -> Result<Self, String> {
        let (mut merged, mut each) = (Samples::new(), Vec::new());
        for trial in trials {
            let Some(hist) = hist(trial).filter(|hist| hist.count > 0) else {
                continue;
            };
            let samples = hist
                .samples()
                .map_err(|error| format!("{}: {error}", trial.name()))?;
            merged.merge(&samples);
            each.push(samples);
        }
        Ok(Pool { merged, each })
    }

    fn measured(&self, metric: Metric, which: Statistic) -> Measured {
        let value = self.value(which);
        Measured {
            metric,
            value,
            ci95: value.and_then(|value| around(value, &self.spread(which), 0.95)),
        }
    }

    fn value(&self, which: Statistic) -> Option<f64> {
        let whole = match which {
            Statistic::Mean => return self.merged.mean(),
            Statistic::Quantile(which) => self.merged.quantile(which.share()),
            Statistic::Max => self.merged.max(),
        };
        whole.map(|value| value as f64)
    }

    /// The figure of each trial. The largest of all is no mean of the trials' largest: it has none.
    fn spread(&self, which: Statistic) -> Vec<f64> {
        let each = self.each.iter();
        match which {
            Statistic::Mean => each.filter_map(Samples::mean).collect(),
            Statistic::Quantile(which) => each
                .map(|trial| trial.raw_quantile(which.share()) as f64)
                .collect(),
            Statistic::Max => Vec::new(),
        }
    }
}

/// `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    let sum: f64 = values.iter().sum();
    (!values.is_empty()).then(|| sum / values.len() as f64)
}

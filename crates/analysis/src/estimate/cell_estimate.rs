//! The estimates of a cell, from its valid trials.

use crate::{
    cell_trials::CellTrials,
    metric::{LatencyKind, Metric, Quantile, Statistic},
    results::Trial,
    samples::{Samples, SamplesRecord},
    stats::around,
};

/// The estimate of one metric of a cell.
pub struct CellEstimate {
    pub metric: Metric,
    pub value: Option<f64>,
    pub ci95: Option<[f64; 2]>,
    /// Whether the value is a lower bound.
    pub censored: bool,
}

/// An estimate for every metric that applies to the cell's experiment, from the valid trials. Where
/// those are too few, all values are `None`.
///
/// # Errors
/// A histogram cannot be read; the sentence names its trial.
pub fn all(cell: &CellTrials, cells: &[CellTrials]) -> Result<Vec<CellEstimate>, String> {
    let siblings = cells
        .iter()
        .filter(|other| other.experiment == cell.experiment);
    let siblings: Vec<_> = siblings.flat_map(|cell| &cell.all).collect();
    let is_wanted = |metric: &Metric| siblings.iter().any(|trial| applies(trial, *metric));
    let mut all = Vec::new();
    for kind in [LatencyKind::Delivery, LatencyKind::EndToEnd] {
        let pool = PooledSamples::of(cell.usable(), |trial| Some(trial.latency(kind)))?;
        let each = Statistic::ALL.map(|which| Metric::Latency(kind, which));
        let wanted = each.into_iter().zip(Statistic::ALL);
        let wanted = wanted.filter(|(metric, _)| is_wanted(metric));
        all.extend(wanted.map(|(metric, which)| pool.estimate(metric, which)));
    }
    for metric in Metric::OTHERS.into_iter().filter(is_wanted) {
        all.push(match metric {
            Metric::RecoverP50 => recovery(cell)?,
            metric if cell.is_censored(metric) => lower_bound(metric, cell),
            metric => mean_over_trials(metric, cell),
        });
    }
    Ok(all)
}

/// Whether the metric applies to a trial like this.
fn applies(trial: &Trial, metric: Metric) -> bool {
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
        // The report computes these from the trials.
        Metric::CapacityByCpu
        | Metric::ConnectionsPerRequest
        | Metric::CpuPerClientS
        | Metric::NoticeP50
        | Metric::NoticedShare => false,
    }
}

/// The least of the trials' values: what every trial reached. The spread of lower bounds says
/// nothing about the quantity, so there is no interval.
fn lower_bound(metric: Metric, cell: &CellTrials) -> CellEstimate {
    let trials = cell.usable().iter();
    let values = trials.filter_map(|trial| trial.value(metric));
    CellEstimate {
        metric,
        value: values.min_by(f64::total_cmp),
        ci95: None,
        censored: true,
    }
}

fn mean_over_trials(metric: Metric, cell: &CellTrials) -> CellEstimate {
    let trials = cell.usable().iter();
    let values: Vec<_> = trials.filter_map(|trial| trial.value(metric)).collect();
    let value = mean(&values);
    CellEstimate {
        metric,
        value,
        ci95: value.and_then(|value| around(value, &values, 0.95)),
        censored: false,
    }
}

fn recovery(cell: &CellTrials) -> Result<CellEstimate, String> {
    let pool = PooledSamples::of(cell.usable(), |trial| {
        Some(&trial.outage.as_ref()?.recover_us)
    })?;
    let median = Statistic::Quantile(Quantile::P50);
    Ok(pool.estimate(Metric::RecoverP50, median))
}

/// The samples of a cell: merged, for the value; and by trial, for the interval.
struct PooledSamples {
    merged: Samples,
    /// Trials without samples are left out.
    by_trial: Vec<Samples>,
}

impl PooledSamples {
    fn of<'a>(
        trials: &[&'a Trial],
        record: impl Fn(&'a Trial) -> Option<&'a SamplesRecord>,
    ) -> Result<Self, String> {
        let (mut merged, mut by_trial) = (Samples::new(), Vec::new());
        for trial in trials {
            let Some(record) = record(trial).filter(|record| record.count > 0) else {
                continue;
            };
            let samples = record
                .samples()
                .map_err(|error| format!("{}: {error}", trial.name()))?;
            merged.merge(&samples);
            by_trial.push(samples);
        }
        Ok(PooledSamples { merged, by_trial })
    }

    fn estimate(&self, metric: Metric, which: Statistic) -> CellEstimate {
        let value = self.value(which);
        CellEstimate {
            metric,
            value,
            ci95: value.and_then(|value| around(value, &self.values_by_trial(which), 0.95)),
            censored: false,
        }
    }

    fn value(&self, which: Statistic) -> Option<f64> {
        let units = match which {
            Statistic::Mean => return self.merged.mean(),
            Statistic::Quantile(which) => self.merged.quantile(which.share()),
            Statistic::Max => self.merged.max(),
        };
        units.map(|value| value as f64)
    }

    /// The figure of each trial, for the interval. A maximum has no interval: the largest of all
    /// samples is not a mean of the trials' maxima.
    fn values_by_trial(&self, which: Statistic) -> Vec<f64> {
        let trials = self.by_trial.iter();
        match which {
            Statistic::Mean => trials.filter_map(Samples::mean).collect(),
            Statistic::Quantile(which) => trials
                .map(|trial| trial.raw_quantile(which.share()) as f64)
                .collect(),
            Statistic::Max => Vec::new(),
        }
    }
}

/// `None` of an empty slice.
pub fn mean(values: &[f64]) -> Option<f64> {
    let sum: f64 = values.iter().sum();
    (!values.is_empty()).then(|| sum / values.len() as f64)
}

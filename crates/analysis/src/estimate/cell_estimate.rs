//! The estimates of a cell, from its valid trials.

use super::interval::interval;
use crate::{
    cell_trials::CellTrials,
    cost,
    metric::{LatencyKind, Metric, Quantile, Statistic},
    results::Trial,
    samples::{Samples, SamplesRecord},
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
        let pool = PooledSamples::of(cell, |trial| Some(trial.latency(kind)))?;
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
        // How late publisher and receivers were is not judged where costs are measured.
        Metric::Latency(..) => trial.expected > 0 && !cost::is_measured_by(&trial.experiment),
        Metric::AppBytesPerMessage | Metric::IpBytesPerMessage | Metric::CpuPerDelivery => {
            trial.expected > 0
        }
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

/// The estimate of a metric that is no statistic of samples: the mean over the valid trials.
pub fn mean_over_trials(metric: Metric, cell: &CellTrials) -> CellEstimate {
    let trials = cell.usable().iter();
    let values: Vec<_> = trials.filter_map(|trial| trial.value(metric)).collect();
    let value = mean(&values);
    CellEstimate {
        metric,
        value,
        ci95: value.and_then(|value| interval(cell, metric, value, &cell.values(metric))),
        censored: false,
    }
}

fn recovery(cell: &CellTrials) -> Result<CellEstimate, String> {
    let pool = PooledSamples::of(cell, |trial| Some(&trial.outage.as_ref()?.recover_us))?;
    let median = Statistic::Quantile(Quantile::P50);
    Ok(pool.estimate(Metric::RecoverP50, median))
}

/// The samples of a cell: merged, for the value; and by sampling unit, for the interval.
struct PooledSamples<'c, 'a> {
    cell: &'c CellTrials<'a>,
    merged: Samples,
    /// Units without samples are left out.
    by_unit: Vec<Samples>,
}

impl<'c, 'a> PooledSamples<'c, 'a> {
    fn of(
        cell: &'c CellTrials<'a>,
        record: impl Fn(&'a Trial) -> Option<&'a SamplesRecord>,
    ) -> Result<Self, String> {
        let mut pool = PooledSamples {
            cell,
            merged: Samples::new(),
            by_unit: Vec::new(),
        };
        let units = match cell.shortage() {
            Some(_) => Vec::new(),
            None => cell.units(),
        };
        for trials in units {
            let mut unit = Samples::new();
            for trial in trials {
                if let Some(record) = record(trial) {
                    unit.merge(&decoded(trial, record)?);
                }
            }
            pool.merged.merge(&unit);
            pool.by_unit.extend((unit.count() > 0).then_some(unit));
        }
        Ok(pool)
    }

    fn estimate(&self, metric: Metric, which: Statistic) -> CellEstimate {
        let value = self.value(which);
        CellEstimate {
            metric,
            value,
            ci95: value
                .and_then(|value| interval(self.cell, metric, value, &self.values_by_unit(which))),
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

    /// The figure of each sampling unit, for the interval. A maximum has no interval: the largest of
    /// all samples is not a mean of the units' maxima.
    fn values_by_unit(&self, which: Statistic) -> Vec<f64> {
        let units = self.by_unit.iter();
        match which {
            Statistic::Mean | Statistic::Quantile(_) => {
                units.filter_map(|unit| unit.statistic(which)).collect()
            }
            Statistic::Max => Vec::new(),
        }
    }
}

fn decoded(trial: &Trial, record: &SamplesRecord) -> Result<Samples, String> {
    let samples = record.samples();
    samples.map_err(|error| format!("{}: {error}", trial.name()))
}

/// `None` of an empty slice.
pub fn mean(values: &[f64]) -> Option<f64> {
    let sum: f64 = values.iter().sum();
    (!values.is_empty()).then(|| sum / values.len() as f64)
}

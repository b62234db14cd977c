//! What a cell's trials say together.

use super::{
    cells::Cell,
    per_trial::{PER_TRIAL, PerTrial},
};
use crate::analysis::{
    results::Trial,
    samples::{Hist, Samples},
    stats::around,
};

/// A metric of a cell.
pub struct Measured {
    pub metric: String,
    pub value: Option<f64>,
    pub ci95: Option<[f64; 2]>,
}

/// A figure of a distribution.
#[derive(Clone, Copy)]
enum Figure {
    Mean,
    Quantile(f64),
    Max,
}

const FIGURES: [(&str, Figure); 7] = [
    ("mean", Figure::Mean),
    ("p50", Figure::Quantile(0.5)),
    ("p90", Figure::Quantile(0.9)),
    ("p95", Figure::Quantile(0.95)),
    ("p99", Figure::Quantile(0.99)),
    ("p99_9", Figure::Quantile(0.999)),
    ("max", Figure::Max),
];

/// Every metric that any trial of the cell's experiment could have, of the valid trials; all
/// unknown where those are too few.
///
/// # Errors
/// A histogram that cannot be read, and whose it is.
pub fn all(cell: &Cell, cells: &[Cell]) -> Result<Vec<Measured>, String> {
    let siblings = || {
        cells
            .iter()
            .filter(|other| other.experiment == cell.experiment)
    };
    let trials = cell.usable();
    let mut all = Vec::new();
    if siblings().any(Cell::has_messages) {
        all.extend(latencies("delivery", &trials, |trial| {
            Some(&trial.delivery_us)
        })?);
        all.extend(latencies("end_to_end", &trials, |trial| {
            Some(&trial.end_to_end_us)
        })?);
    }
    for metric in &PER_TRIAL {
        if siblings().any(|cell| cell.trials.iter().any(|trial| (metric.possible)(trial))) {
            all.push(mean_over_trials(metric, &trials));
        }
    }
    if siblings().any(|cell| cell.trials.iter().any(|trial| trial.outage.is_some())) {
        let pool = Pool::of(&trials, |trial| Some(&trial.outage.as_ref()?.recover_us))?;
        all.push(pool.measured("recover", "p50", Figure::Quantile(0.5)));
    }
    Ok(all)
}

fn latencies(
    what: &str,
    trials: &[&Trial],
    hist: fn(&Trial) -> Option<&Hist>,
) -> Result<Vec<Measured>, String> {
    let pool = Pool::of(trials, hist)?;
    let measured = |(name, figure)| pool.measured(what, name, figure);
    Ok(FIGURES.into_iter().map(measured).collect())
}

fn mean_over_trials(metric: &PerTrial, trials: &[&Trial]) -> Measured {
    let values: Vec<_> = trials
        .iter()
        .filter_map(|trial| (metric.of)(trial))
        .collect();
    let value = mean(&values);
    Measured {
        metric: metric.name.into(),
        value,
        ci95: value.and_then(|value| around(value, &values, 0.95)),
    }
}

/// A cell's samples: merged for the value, and of each trial for how far it can be trusted.
struct Pool {
    merged: Samples,
    /// Trials without samples left out.
    each: Vec<Samples>,
}

impl Pool {
    fn of(trials: &[&Trial], hist: fn(&Trial) -> Option<&Hist>) -> Result<Self, String> {
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

    fn measured(&self, what: &str, name: &str, figure: Figure) -> Measured {
        let value = self.value(figure);
        Measured {
            metric: format!("{what}_{name}_us"),
            value,
            ci95: value.and_then(|value| around(value, &self.spread(figure), 0.95)),
        }
    }

    fn value(&self, figure: Figure) -> Option<f64> {
        match figure {
            Figure::Mean => self.merged.mean(),
            Figure::Quantile(q) => self.merged.quantile(q).map(|value| value as f64),
            Figure::Max => self.merged.max().map(|value| value as f64),
        }
    }

    /// The figure of each trial. The largest of all is no mean of the trials' largest: it has none.
    fn spread(&self, figure: Figure) -> Vec<f64> {
        let each = self.each.iter();
        match figure {
            Figure::Mean => each.filter_map(Samples::mean).collect(),
            Figure::Quantile(q) => each.map(|trial| trial.raw_quantile(q) as f64).collect(),
            Figure::Max => Vec::new(),
        }
    }
}

/// `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    let sum: f64 = values.iter().sum();
    (!values.is_empty()).then(|| sum / values.len() as f64)
}

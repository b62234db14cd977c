//! The least squares of a transport's trials.

use std::collections::BTreeMap;

use protocol::Transport;

use crate::{
    results::{Cost, Trial},
    stats::{WeightedPoint, critical, least_squares, of_mean},
};

/// How often the weights are computed anew from the fit before. From the second time on they change
/// by less than the noise of the trials.
const ROUNDS: usize = 3;

/// The costs in the order of the regressors of [`point`].
pub struct FittedCosts {
    pub costs: Vec<Cost>,
    pub r_squared: f64,
}

/// The fit over single trials, with intervals by Student's t.
pub fn costs(transport: Transport, trials: &[&Trial]) -> Option<FittedCosts> {
    let found = fitted(transport, trials)?;
    let half = critical(0.95, found.freedom as u32);
    let each = found.coefficients.iter().zip(&found.errors);
    Some(FittedCosts {
        costs: each
            .map(|(value, error)| Cost {
                value: *value,
                ci95: [value - half * error, value + half * error],
            })
            .collect(),
        r_squared: found.r_squared,
    })
}

/// The mean of the fits of the runs, with intervals over the runs: what a run shares moves all its
/// trials. `None` where fewer than three runs have a fit.
pub fn costs_over_runs(transport: Transport, trials: &[&Trial]) -> Option<FittedCosts> {
    let mut runs: BTreeMap<u32, Vec<&Trial>> = BTreeMap::new();
    for trial in trials {
        runs.entry(trial.run).or_default().push(trial);
    }
    let fits: Vec<_> = runs
        .values()
        .filter_map(|trials| fitted(transport, trials))
        .collect();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let cost = |place: usize| {
        let values: Vec<_> = fits.iter().map(|fit| fit.coefficients[place]).collect();
        let ci95 = of_mean(&values, 0.95)?;
        Some(Cost {
            value: mean(&values),
            ci95,
        })
    };
    let count = fits.first()?.coefficients.len();
    let r_squared: Vec<_> = fits.iter().map(|fit| fit.r_squared).collect();
    Some(FittedCosts {
        costs: (0..count).map(cost).collect::<Option<_>>()?,
        r_squared: mean(&r_squared),
    })
}

/// A trial as a point of the fit: posts, requests (of a poll alone) and deliveries, the server's
/// processor time in microseconds, and the weight 1/y². `None` where that time is unknown or 0.
pub fn point(transport: Transport, trial: &Trial) -> Option<WeightedPoint> {
    let y = trial.server.cpu_us.filter(|cpu| *cpu > 0.0)?;
    let (posts, deliveries) = (trial.published as f64, trial.received as f64);
    Some(WeightedPoint {
        regressors: match transport {
            Transport::ShortPoll | Transport::LongPoll => {
                vec![posts, trial.requests as f64, deliveries]
            }
            Transport::Sse | Transport::WebSocket => vec![posts, deliveries],
        },
        y,
        weight: 1.0 / (y * y),
    })
}

/// Least squares of the relative residuals. The weights are 1/ŷ² of the fit before, because 1/y² would
/// give a trial that is low by chance the more weight.
fn fitted(transport: Transport, trials: &[&Trial]) -> Option<crate::stats::LeastSquares> {
    let all = trials.iter();
    let mut points: Vec<_> = all.filter_map(|trial| point(transport, trial)).collect();
    let mut found = least_squares(&points)?;
    for _ in 1..ROUNDS {
        for point in &mut points {
            let pairs = found.coefficients.iter().zip(&point.regressors);
            let expected: f64 = pairs.map(|(cost, count)| cost * count).sum();
            if expected > 0.0 {
                point.weight = 1.0 / (expected * expected);
            }
        }
        found = least_squares(&points)?;
    }
    Some(found)
}

//! What explains a miss: rules with a bound, each checked against numbers. Those of polls are checked
//! against push; for push itself the bound is all there is.

use crate::{
    cell_trials::CellTrials,
    cost::SendCosts,
    estimate::{CellTheory, MeasuredInputs},
    metric::Metric,
    misses::{MetricKind, kind},
    results::{Estimate, Results},
    scenario::{Experiment, Level},
};

/// The longest processing that explains a latency of push, in microseconds: nothing beside it measures
/// it, so the rule needs a bound.
pub const MOST_PUSH_PROCESSING_US: f64 = 500.0;
/// How far the number of scheduled messages may be from λ's, in standard deviations of a Poisson
/// number, to count as chance of the schedules.
pub const SCHEDULE_ERRORS: f64 = 3.0;

/// Why theory misses an estimate. With what is given here as an input, theory lies in the interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Explanation {
    /// The messages a second in a room that the schedules of the cell's trials had, where that is part
    /// of the explanation: not λ, by chance.
    pub rate: Option<f64>,
    /// What the server and the client took for a response, in microseconds, where that is part of the
    /// explanation: theory takes both as infinitely fast. For polls it is that of push at the same
    /// level.
    pub processing_us: Option<f64>,
    /// Theory with these inputs.
    pub theory: f64,
}

/// The trials of a campaign by cell, and its calibration.
pub struct Cells<'r, 'a> {
    pub results: &'a Results,
    pub cells: &'r [CellTrials<'a>],
    pub sends: SendCosts,
}

impl Cells<'_, '_> {
    /// The first explanation that puts theory into the interval: the schedules, the processing, both.
    pub fn explanation(&self, estimate: &Estimate, ci95: [f64; 2]) -> Option<Explanation> {
        let cell = self.cell_of(estimate)?;
        let rate = self.rate(cell);
        let processing_us = match estimate.transport.is_poll() {
            true => self.processing_of_push(estimate),
            false => push_processing(estimate),
        };
        let causes = [(rate, None), (None, processing_us), (rate, processing_us)];
        causes.into_iter().find_map(|(rate, processing_us)| {
            let theory = self.theory(cell, rate, processing_us)?;
            let theory = theory.value(estimate.metric)?;
            (ci95[0]..=ci95[1])
                .contains(&theory)
                .then_some(Explanation {
                    rate,
                    processing_us,
                    theory,
                })
        })
    }

    fn cell_of(&self, estimate: &Estimate) -> Option<&CellTrials<'_>> {
        self.cells.iter().find(|cell| {
            cell.experiment == estimate.experiment
                && cell.transport == estimate.transport
                && cell.level == estimate.level.as_ref()
        })
    }

    fn settings(&self, cell: &CellTrials) -> Option<Experiment> {
        self.results
            .experiment(cell.experiment)?
            .at(cell.level)
            .ok()
    }

    fn measured(&self, cell: &CellTrials) -> Option<MeasuredInputs> {
        MeasuredInputs::of(&self.settings(cell)?, cell.transport, &cell.valid)
    }

    fn theory(
        &self,
        cell: &CellTrials,
        rate: Option<f64>,
        processing_us: Option<f64>,
    ) -> Option<CellTheory> {
        if rate.is_none() && processing_us.is_none() {
            return None;
        }
        let (settings, measured) = (self.settings(cell)?, self.measured(cell)?);
        let theory = CellTheory::at(&settings, cell.transport, measured, &self.sends)?;
        let theory = theory.with_processing(processing_us.unwrap_or_default() / 1e6);
        Some(match rate {
            Some(rate) => theory.with_rate(rate),
            None => theory,
        })
    }

    /// The messages a second in a room of the valid trials' schedules; `None` where they are too far
    /// from λ for chance.
    fn rate(&self, cell: &CellTrials) -> Option<f64> {
        let load = self.settings(cell)?.load;
        let seconds: f64 = cell.valid.iter().map(|trial| trial.seconds).sum();
        let room_seconds = seconds * f64::from(load.rooms);
        let scheduled = cell.valid.iter().map(|trial| trial.published as f64);
        let scheduled: f64 = scheduled.sum();
        let expected = load.rate * room_seconds;
        let is_chance = (scheduled - expected).abs() <= SCHEDULE_ERRORS * expected.sqrt();
        (is_chance && scheduled > 0.0).then(|| scheduled / room_seconds)
    }

    /// How much longer than theory push took at the level of a poll's estimate: in the same statistic
    /// of latency, in the mean for all other metrics, where all that is beyond d delays the next
    /// request. `None` where it was not longer.
    fn processing_of_push(&self, of: &Estimate) -> Option<f64> {
        let is_latency = kind(of.metric) == MetricKind::Latency;
        let metric = if is_latency { of.metric } else { Metric::MEAN };
        let push = self.results.estimates.iter().find(|other| {
            other.experiment == of.experiment
                && !other.transport.is_poll()
                && other.metric == metric
                && other.value.is_some()
                && includes(of.level.as_ref(), other.level.as_ref())
        })?;
        let expected = if is_latency {
            push.theory?
        } else {
            self.measured(self.cell_of(push)?)?.one_way * 1e6
        };
        Some(push.value? - expected).filter(|longer| *longer > 0.0)
    }
}

/// How much longer than theory a pushed message took, up to the bound.
fn push_processing(of: &Estimate) -> Option<f64> {
    let longer = of.value? - of.theory?;
    let is_short = longer > 0.0 && longer <= MOST_PUSH_PROCESSING_US;
    (kind(of.metric) == MetricKind::Latency && is_short).then_some(longer)
}

/// Whether a level has all values of another. A parameter that does not affect push is in none of its
/// levels.
fn includes(outer: Option<&Level>, inner: Option<&Level>) -> bool {
    outer.map_or(inner.is_none(), |outer| outer.contains(inner))
}

//! What figures and conclusions ask of the results: cells, estimates, ratios.

use std::collections::BTreeMap;

use crate::{
    analysis::{
        estimate::Given,
        results::{Results, Trial},
        samples::Samples,
        scenario::{Experiment, Level},
        stats,
    },
    wire::Transport,
};

use super::{
    ratio::{self, Ratio},
    subjects, trial_metric,
};

/// The results, indexed.
pub struct Data<'a> {
    pub results: &'a Results,
    cells: Vec<Cell<'a>>,
}

/// A transport at a level, with its trials that count.
pub struct Cell<'a> {
    pub experiment: &'a str,
    pub transport: Transport,
    pub level: Option<&'a Level>,
    /// Valid ones under the transport's own name.
    pub trials: Vec<&'a Trial>,
}

/// An estimate with its interval and what theory predicts for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    pub value: f64,
    pub interval: Option<[f64; 2]>,
    pub theory: Option<f64>,
}

impl<'a> Data<'a> {
    pub fn new(results: &'a Results) -> Self {
        let mut cells: Vec<Cell<'a>> = Vec::new();
        let mut places = BTreeMap::new();
        for trial in &results.trials {
            if trial.label != trial.transport.name() {
                continue;
            }
            let key = (
                &trial.experiment,
                trial.transport,
                trial.level.as_ref().map(Level::to_string),
            );
            let place = *places.entry(key).or_insert_with(|| {
                cells.push(Cell::empty(trial));
                cells.len() - 1
            });
            if trial.void.is_none() {
                cells[place].trials.push(trial);
            }
        }
        cells.sort_by(|a, b| {
            order(a)
                .partial_cmp(&order(b))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        Data { results, cells }
    }

    /// Experiments in the order of the built-in ones, then the others.
    pub fn experiments(&self) -> Vec<&'a str> {
        let listed = self.results.scenario.experiments.keys().map(String::as_str);
        let tried = self
            .results
            .trials
            .iter()
            .map(|trial| trial.experiment.as_str());
        let mut names: Vec<&str> = Vec::new();
        for name in listed.chain(tried) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.sort_by_key(|name| subjects::rank(name));
        names
    }

    /// The first experiment on a subject that has trials.
    pub fn on(&self, subject: &str) -> Option<&'a str> {
        let about = |name: &&str| subjects::base(name) == subject && !self.cells(name).is_empty();
        self.experiments().into_iter().find(about)
    }

    pub fn cells(&self, experiment: &str) -> Vec<&Cell<'a>> {
        self.cells
            .iter()
            .filter(|cell| cell.experiment == experiment)
            .collect()
    }

    /// The levels of an experiment, in the order of their numbers.
    pub fn levels(&self, experiment: &str) -> Vec<Option<&'a Level>> {
        let mut levels = Vec::new();
        for cell in self.cells(experiment) {
            if !levels.contains(&cell.level) {
                levels.push(cell.level);
            }
        }
        levels.sort_by(|a, b| {
            let (a, b) = (level_order(*a), level_order(*b));
            a.partial_cmp(&b).unwrap_or(std::cmp::Ordering::Equal)
        });
        levels
    }

    /// The transport's cell at a level; at no level where the sweep does not concern it.
    pub fn cell(
        &self,
        experiment: &str,
        transport: Transport,
        level: Option<&Level>,
    ) -> Option<&Cell<'a>> {
        let own = |wanted: Option<&Level>| {
            let is = |cell: &&Cell| {
                cell.experiment == experiment && cell.transport == transport && cell.level == wanted
            };
            self.cells.iter().find(is)
        };
        own(level).or_else(|| own(None))
    }

    /// The recorded estimate of a cell, or the mean over its trials where none is recorded for
    /// the metric at all.
    pub fn measured(&self, cell: &Cell, metric: &str) -> Option<Measured> {
        let found = self.results.estimates.iter().find(|estimate| {
            estimate.experiment == cell.experiment
                && estimate.transport == cell.transport
                && estimate.level.as_ref() == cell.level
                && estimate.metric == metric
        });
        match found {
            Some(estimate) => Some(Measured {
                value: estimate.value?,
                interval: estimate.ci95,
                theory: estimate.theory,
            }),
            // Quantiles are never averaged.
            None if metric.ends_with("_us") => None,
            None => self.over_trials(cell, metric),
        }
    }

    fn over_trials(&self, cell: &Cell, metric: &str) -> Option<Measured> {
        let (value, interval) = ratio::mean(&cell.values(metric))?;
        Some(Measured {
            value,
            interval: Some(interval),
            theory: None,
        })
    }

    /// The metric of `a` over that of `b`: as recorded, where it is; otherwise by block where both
    /// are of one experiment, and by Welch's t over the trials where they have no blocks in common.
    pub fn ratio(&self, a: &Cell, b: &Cell, metric: &str) -> Option<Ratio> {
        self.recorded(a, b, metric)
            .or_else(|| self.recorded(b, a, metric).map(Ratio::inverse))
            .or_else(|| stats::ratio(&blocks(a, b, metric)).map(Ratio::from))
            .or_else(|| stats::welch(&a.values(metric), &b.values(metric)).map(Ratio::from))
            .filter(|ratio| ratio.value.is_finite() && ratio.interval[0] > 0.0)
    }

    fn recorded(&self, a: &Cell, b: &Cell, metric: &str) -> Option<Ratio> {
        let found = self.results.comparisons.iter().find(|comparison| {
            comparison.experiment == a.experiment
                && a.experiment == b.experiment
                && a.level == b.level
                && comparison.level.as_ref() == a.level
                && comparison.metric == metric
                && comparison.a == a.transport.name()
                && comparison.b == b.transport.name()
        })?;
        Some(Ratio {
            value: found.ratio?,
            interval: found.ci95?,
        })
    }

    /// The experiment's settings at a cell's level.
    pub fn setting(&self, cell: &Cell) -> Option<Experiment> {
        self.results
            .experiment(cell.experiment)?
            .at(cell.level)
            .ok()
    }
}

/// The metric's values of two cells in the blocks that have both.
fn blocks(a: &Cell, b: &Cell, metric: &str) -> Vec<(f64, f64)> {
    let same = |trial: &&Trial| {
        let other = b
            .trials
            .iter()
            .find(|other| other.repetition == trial.repetition)?;
        Some((
            trial_metric::value(trial, metric)?,
            trial_metric::value(other, metric)?,
        ))
    };
    let one_experiment = a.experiment == b.experiment;
    a.trials
        .iter()
        .filter(|_| one_experiment)
        .filter_map(same)
        .collect()
}

impl<'a> Cell<'a> {
    fn empty(trial: &'a Trial) -> Self {
        Cell {
            experiment: &trial.experiment,
            transport: trial.transport,
            level: trial.level.as_ref(),
            trials: Vec::new(),
        }
    }

    /// The metric in each trial that tells it.
    pub fn values(&self, metric: &str) -> Vec<f64> {
        let value = |trial: &&Trial| trial_metric::value(trial, metric);
        self.trials.iter().filter_map(value).collect()
    }

    pub fn number(&self, parameter: &str) -> Option<f64> {
        Level::number(self.level, parameter)
    }

    /// What theory takes from the cell's measurement; `setting` is the experiment at its level.
    pub fn given(&self, setting: &Experiment) -> Option<Given> {
        Given::of(setting, &self.trials)
    }

    /// All deliveries of the cell together. A histogram that cannot be read is left out.
    pub fn merged(&self) -> Samples {
        let mut all = Samples::new();
        for trial in &self.trials {
            if let Ok(samples) = trial.delivery_us.samples() {
                all.merge(&samples);
            }
        }
        all
    }
}

type Order = Vec<(f64, String)>;

fn order(cell: &Cell) -> (Order, usize) {
    (level_order(cell.level), cell.transport.index())
}

/// Numbers by size, words by the alphabet.
fn level_order(level: Option<&Level>) -> Order {
    let settings = level.into_iter().flat_map(Level::settings);
    settings
        .map(|setting| (setting.number().unwrap_or(f64::MAX), setting.text()))
        .collect()
}

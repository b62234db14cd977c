//! What figures and conclusions ask of the results: cells, estimates, ratios.

use analysis::{
    cells::{Cell, blocks, group},
    metric::Metric,
    results::Results,
    scenario::{Experiment, Level},
    stats,
};
use protocol::Transport;

use super::{
    ratio::{self, Ratio},
    subject::Subject,
};

/// The results, indexed.
pub struct Data<'a> {
    pub results: &'a Results,
    cells: Vec<Cell<'a>>,
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
        let mut cells = group(&results.trials);
        cells.retain(|cell| !cell.is_control);
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
        names.sort_by_key(|name| Subject::of(name));
        names
    }

    /// The first experiment on a subject that has trials.
    pub fn on(&self, subject: Subject) -> Option<&'a str> {
        let about = |name: &&str| Subject::of(name) == subject && !self.cells(name).is_empty();
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
    pub fn measured(&self, cell: &Cell, metric: Metric) -> Option<Measured> {
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
            None if metric.is_of_samples() => None,
            None => self.over_trials(cell, metric),
        }
    }

    fn over_trials(&self, cell: &Cell, metric: Metric) -> Option<Measured> {
        let (value, interval) = ratio::mean(&cell.values(metric))?;
        Some(Measured {
            value,
            interval: Some(interval),
            theory: None,
        })
    }

    /// The metric of `a` over that of `b`: as recorded, where it is; otherwise by block where both
    /// are of one experiment, and by Welch's t over the trials where they have no blocks in common.
    pub fn ratio(&self, a: &Cell, b: &Cell, metric: Metric) -> Option<Ratio> {
        self.recorded(a, b, metric)
            .or_else(|| self.recorded(b, a, metric).map(Ratio::inverse))
            .or_else(|| stats::ratio(&common_blocks(a, b, metric)).map(Ratio::from))
            .or_else(|| stats::welch(&a.values(metric), &b.values(metric)).map(Ratio::from))
            .filter(|ratio| ratio.value.is_finite() && ratio.interval[0] > 0.0)
    }

    fn recorded(&self, a: &Cell, b: &Cell, metric: Metric) -> Option<Ratio> {
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

/// Of two experiments no blocks are the same.
fn common_blocks(a: &Cell, b: &Cell, metric: Metric) -> Vec<(f64, f64)> {
    match a.experiment == b.experiment {
        true => blocks(a, b, metric),
        false => Vec::new(),
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

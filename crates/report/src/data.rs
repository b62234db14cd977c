//! Access to the results for figures and conclusions: cells, estimates, ratios.

use analysis::{
    cell_trials::{CellTrials, group, paired_by_block},
    cost::SendCosts,
    estimate::{self, CellTheory, MeasuredInputs},
    metric::{Metric, Quantity},
    results::{CostFit, Results},
    scenario::{Experiment, Level},
    stats,
};
use protocol::Transport;

use super::{ratio::Ratio, subject::Subject, units::show};

/// The results with their trials grouped by cell.
pub struct Data<'a> {
    pub results: &'a Results,
    /// The calibration of fan-out, from the fits of the campaign.
    pub sends: SendCosts,
    cells: Vec<CellTrials<'a>>,
}

/// An estimate with its interval, and theory's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeasuredValue {
    pub value: f64,
    pub interval: Option<[f64; 2]>,
    pub theory: Option<f64>,
    /// Whether the value is a lower bound.
    pub censored: bool,
}

impl MeasuredValue {
    /// With its unit, and `≥` where it is a lower bound.
    pub fn text(&self, quantity: Quantity) -> String {
        let bound = if self.censored { "≥\u{a0}" } else { "" };
        format!("{bound}{}", show(quantity, self.value))
    }
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
        Data {
            results,
            sends: SendCosts::of(&results.costs),
            cells,
        }
    }

    /// The experiments: the built-in ones in their order, then the others.
    pub fn experiments(&self) -> Vec<&'a str> {
        let listed = self.results.scenario.experiments.keys().map(String::as_str);
        let run = self
            .results
            .trials
            .iter()
            .map(|trial| trial.experiment.as_str());
        let mut names: Vec<&str> = Vec::new();
        for name in listed.chain(run) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.sort_by_key(|name| Subject::of(name));
        names
    }

    /// The first experiment on a subject that has trials.
    pub fn on(&self, subject: Subject) -> Option<&'a str> {
        let is_on = |name: &&str| Subject::of(name) == subject && !self.cells(name).is_empty();
        self.experiments().into_iter().find(is_on)
    }

    pub fn cells(&self, experiment: &str) -> Vec<&CellTrials<'a>> {
        self.cells
            .iter()
            .filter(|cell| cell.experiment == experiment)
            .collect()
    }

    /// The levels of an experiment, in ascending order.
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

    /// The transport's cell at a level; its only cell if the sweep does not affect the transport.
    pub fn cell(
        &self,
        experiment: &str,
        transport: Transport,
        level: Option<&Level>,
    ) -> Option<&CellTrials<'a>> {
        let own = |wanted: Option<&Level>| {
            let is = |cell: &&CellTrials| {
                cell.experiment == experiment && cell.transport == transport && cell.level == wanted
            };
            self.cells.iter().find(is)
        };
        own(level).or_else(|| own(None))
    }

    /// The recorded estimate of a cell, or one from its trials if the results have none of the
    /// metric.
    pub fn measured(&self, cell: &CellTrials, metric: Metric) -> Option<MeasuredValue> {
        let found = estimate::of_cell(self.results, cell, metric)?;
        Some(MeasuredValue {
            value: found.value?,
            interval: found.ci95,
            theory: found.theory,
            censored: found.censored,
        })
    }

    /// The metric of `a` divided by that of `b`: as recorded, if it is; otherwise paired by block
    /// if both cells are of one experiment; otherwise by Welch's t over the trials, or over the runs
    /// of a campaign that has several. `None` where one of the two is a lower bound.
    pub fn ratio(&self, a: &CellTrials, b: &CellTrials, metric: Metric) -> Option<Ratio> {
        if a.is_censored(metric) || b.is_censored(metric) {
            return None;
        }
        self.recorded(a, b, metric)
            .or_else(|| self.recorded(b, a, metric).map(Ratio::inverse))
            .or_else(|| stats::paired_ratio(&common_blocks(a, b, metric)).map(Ratio::from))
            .or_else(|| stats::welch_ratio(&a.values(metric), &b.values(metric)).map(Ratio::from))
            .filter(|ratio| ratio.value.is_finite() && ratio.interval[0] > 0.0)
    }

    fn recorded(&self, a: &CellTrials, b: &CellTrials, metric: Metric) -> Option<Ratio> {
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

    /// The experiment with the values of a cell's level.
    pub fn settings(&self, cell: &CellTrials) -> Option<Experiment> {
        self.results
            .experiment(cell.experiment)?
            .at(cell.level)
            .ok()
    }

    /// What a post, a request and a delivery cost, by the trials of an experiment: a fit for each
    /// transport.
    pub fn costs(&self, experiment: &str) -> Vec<&'a CostFit> {
        let all = self.results.costs.iter();
        all.filter(|fit| fit.experiment == experiment).collect()
    }

    /// Theory of a cell; `None` where no model applies.
    pub fn theory(&self, cell: &CellTrials) -> Option<CellTheory> {
        let settings = self.settings(cell)?;
        let measured = MeasuredInputs::of(&settings, cell.transport, &cell.valid)?;
        CellTheory::at(&settings, cell.transport, measured, &self.sends)
    }
}

/// Empty for cells of different experiments, which have no blocks in common.
fn common_blocks(a: &CellTrials, b: &CellTrials, metric: Metric) -> Vec<(f64, f64)> {
    match a.experiment == b.experiment {
        true => paired_by_block(a, b, metric),
        false => Vec::new(),
    }
}

type LevelOrder = Vec<(f64, String)>;

fn order(cell: &CellTrials) -> (LevelOrder, usize) {
    (level_order(cell.level), cell.transport.index())
}

/// Numbers in ascending order, texts in alphabetical order.
fn level_order(level: Option<&Level>) -> LevelOrder {
    let settings = level.into_iter().flat_map(Level::values);
    settings
        .map(|setting| (setting.number().unwrap_or(f64::MAX), setting.text()))
        .collect()
}

//! The trials of a cell: of one transport at one level of one experiment.

use protocol::Transport;

use std::collections::BTreeMap;

use super::{
    gates::stall_us,
    metric::Metric,
    results::{IntervalsCover, Trial, cell_name},
    samples::{Samples, SamplesRecord},
    scenario::Level,
    stats::{CampaignValues, MIN_TRIALS},
};

/// The trials of one cell, in the order in which they ran.
pub struct CellTrials<'a> {
    pub experiment: &'a str,
    pub transport: Transport,
    pub level: Option<&'a Level>,
    /// Whether this is the control (A/A): the same cell under a second label.
    pub is_control: bool,
    /// What the intervals of the campaign cover.
    pub covers: IntervalsCover,
    /// All trials, invalid ones too.
    pub all: Vec<&'a Trial>,
    /// The valid trials.
    pub valid: Vec<&'a Trial>,
}

/// Groups trials by cell. Cells are in the order of their first trials.
pub fn group(trials: &[Trial]) -> Vec<CellTrials<'_>> {
    let covers = IntervalsCover::of(trials);
    let mut cells: Vec<CellTrials> = Vec::new();
    for trial in trials {
        let place = cells.iter().position(|cell| cell.contains(trial));
        let place = place.unwrap_or_else(|| {
            cells.push(CellTrials::starting_with(trial, covers));
            cells.len() - 1
        });
        cells[place].all.push(trial);
        if trial.invalidity.is_none() {
            cells[place].valid.push(trial);
        }
    }
    cells
}

/// Pairs of the metric's values of two cells. In a campaign of one run there is a pair for each block
/// in which both are known. With several runs there is one for each run: the geometric means over its
/// blocks, so that the logarithm of their ratio is the mean log ratio of the run. Of a cell and its control
/// there is a pair for each block all the same: they are equal, so that no run can favour one of them.
pub fn paired_by_block(a: &CellTrials, b: &CellTrials, metric: Metric) -> Vec<(f64, f64)> {
    let partner = |one: &Trial| {
        let mut others = b.valid.iter();
        others.find(|other| (other.run, other.repetition) == (one.run, one.repetition))
    };
    let both = |one: &&'_ Trial| {
        let values = (one.value(metric)?, partner(one)?.value(metric)?);
        Some((one.run, values))
    };
    let blocks = a.valid.iter().filter_map(both);
    match a.covers {
        IntervalsCover::Runs if !a.is_control_pair(b) => geometric_means(blocks),
        _ => blocks.map(|(_, values)| values).collect(),
    }
}

/// The geometric means of each run's pairs. A pair with a value that is not positive has no ratio and
/// is left out.
fn geometric_means(blocks: impl Iterator<Item = (u32, (f64, f64))>) -> Vec<(f64, f64)> {
    let mut runs: BTreeMap<u32, Vec<(f64, f64)>> = BTreeMap::new();
    for (run, (a, b)) in blocks.filter(|(_, (a, b))| *a > 0.0 && *b > 0.0) {
        runs.entry(run).or_default().push((a.ln(), b.ln()));
    }
    let mean = |logs: &[(f64, f64)], of: fn(&(f64, f64)) -> f64| {
        (logs.iter().map(of).sum::<f64>() / logs.len() as f64).exp()
    };
    let pair = |logs: Vec<_>| (mean(&logs, |pair| pair.0), mean(&logs, |pair| pair.1));
    runs.into_values().map(pair).collect()
}

impl<'a> CellTrials<'a> {
    fn starting_with(trial: &'a Trial, covers: IntervalsCover) -> Self {
        CellTrials {
            experiment: &trial.experiment,
            transport: trial.transport,
            level: trial.level.as_ref(),
            is_control: trial.is_control,
            covers,
            all: Vec::new(),
            valid: Vec::new(),
        }
    }

    fn contains(&self, trial: &Trial) -> bool {
        self.is_control == trial.is_control
            && self.experiment == trial.experiment
            && self.transport == trial.transport
            && self.level == trial.level.as_ref()
    }

    /// Whether one of the two is the control (A/A) of the other.
    pub fn is_control_pair(&self, other: &CellTrials) -> bool {
        self.is_control != other.is_control
            && self.experiment == other.experiment
            && self.transport == other.transport
            && self.level == other.level
    }

    /// Its name in messages.
    pub fn name(&self) -> String {
        let label = self.all.first().map_or("", |trial| &trial.label);
        cell_name(self.experiment, label, self.level)
    }

    /// The cell without the valid trials in which the server stalled.
    pub fn without_stalls(&self) -> Self {
        let steady = self.valid.iter().copied();
        CellTrials {
            experiment: self.experiment,
            transport: self.transport,
            level: self.level,
            is_control: self.is_control,
            covers: self.covers,
            all: self.all.clone(),
            valid: steady.filter(|trial| stall_us(trial).is_none()).collect(),
        }
    }

    /// The valid trials, or none if they are too few for estimates.
    pub fn usable(&self) -> &[&'a Trial] {
        match self.shortage() {
            Some(_) => &[],
            None => &self.valid,
        }
    }

    /// Why the cell has no estimates, if it has none: too few valid trials, or valid trials from too
    /// few of several runs.
    pub fn shortage(&self) -> Option<String> {
        let (valid, run) = (self.valid.len(), self.all.len());
        if valid < MIN_TRIALS {
            return Some(format!(
                "{valid} valid trials of {run}, {MIN_TRIALS} are needed"
            ));
        }
        let units = self.units().len();
        (units < MIN_TRIALS).then(|| {
            format!("{valid} valid trials of {run} are from {units} runs, {MIN_TRIALS} are needed")
        })
    }

    /// The valid trials by run, in the order of the runs.
    pub fn by_run(&self) -> Vec<Vec<&'a Trial>> {
        let mut runs: BTreeMap<u32, Vec<&Trial>> = BTreeMap::new();
        for trial in &self.valid {
            runs.entry(trial.run).or_default().push(trial);
        }
        runs.into_values().collect()
    }

    /// The sampling units of intervals, each with its trials: single trials, or the runs of a campaign
    /// that has several.
    pub fn units(&self) -> Vec<Vec<&'a Trial>> {
        match self.covers {
            IntervalsCover::Run => self.valid.iter().map(|trial| vec![*trial]).collect(),
            IntervalsCover::Runs => self.by_run(),
        }
    }

    /// Whether the cell's value of the metric is a lower bound: where it is in any valid trial.
    pub fn is_censored(&self, metric: Metric) -> bool {
        self.valid.iter().any(|trial| trial.is_censored(metric))
    }

    /// Whether any delivery was due.
    pub fn has_messages(&self) -> bool {
        self.all.iter().any(|trial| trial.expected > 0)
    }

    /// The metric's value in each sampling unit in which it is known: see [`CellTrials::units`].
    pub fn values(&self, metric: Metric) -> Vec<f64> {
        match self.covers {
            IntervalsCover::Run => self.values_by_trial(metric),
            IntervalsCover::Runs => self.values_by_run(metric),
        }
    }

    /// The metric's value in each valid trial in which it is known.
    pub fn values_by_trial(&self, metric: Metric) -> Vec<f64> {
        let known = self.valid.iter().filter_map(|trial| trial.value(metric));
        known.collect()
    }

    /// The metric's value in each run in which it is known: of the samples of the run's trials
    /// together, or the mean over its trials for a metric that is no statistic of samples.
    pub fn values_by_run(&self, metric: Metric) -> Vec<f64> {
        let runs = self.by_run();
        runs.iter().filter_map(|run| of_run(run, metric)).collect()
    }

    /// The mean of a quantity over the trials of each sampling unit, where it is known.
    pub fn means_by_unit(&self, quantity: impl Fn(&Trial) -> Option<f64>) -> Vec<f64> {
        let units = self.units();
        let means = units.iter().filter_map(|unit| mean_of(unit, &quantity));
        means.collect()
    }

    /// For a comparison with the same cell of another campaign.
    pub fn campaign_values(&self, metric: Metric) -> CampaignValues {
        CampaignValues {
            by_trial: self.values_by_trial(metric),
            by_run: self.values_by_run(metric),
        }
    }

    /// The numeric value of the parameter with this key at the cell's level.
    pub fn number(&self, key: &str) -> Option<f64> {
        Level::number(self.level, key)
    }

    /// The delivery latencies of all valid trials together. A histogram that cannot be read is left
    /// out.
    pub fn merged(&self) -> Samples {
        merged(self.valid.iter().map(|trial| &trial.delivery_us))
    }
}

fn of_run(trials: &[&Trial], metric: Metric) -> Option<f64> {
    if let Some((_, which)) = trials.first()?.samples_of(metric) {
        let records = trials.iter().filter_map(|trial| trial.samples_of(metric));
        return merged(records.map(|(record, _)| record)).statistic(which);
    }
    mean_of(trials, &|trial| trial.value(metric))
}

/// The mean over the trials in which a quantity is known; `None` if it is known in none.
fn mean_of(trials: &[&Trial], quantity: &impl Fn(&Trial) -> Option<f64>) -> Option<f64> {
    let values: Vec<_> = trials.iter().filter_map(|trial| quantity(trial)).collect();
    let sum: f64 = values.iter().sum();
    (!values.is_empty()).then(|| sum / values.len() as f64)
}

/// The samples of these records together. A histogram that cannot be read is left out.
fn merged<'a>(records: impl Iterator<Item = &'a SamplesRecord>) -> Samples {
    let mut all = Samples::new();
    for samples in records.filter_map(|record| record.samples().ok()) {
        all.merge(&samples);
    }
    all
}

//! The trials of a cell: of one transport at one level of one experiment.

use protocol::Transport;

use super::{metric::Metric, results::Trial, samples::Samples, scenario::Level, stats::MIN_TRIALS};

/// The trials of one cell, in the order in which they ran.
pub struct CellTrials<'a> {
    pub experiment: &'a str,
    pub transport: Transport,
    pub level: Option<&'a Level>,
    /// Whether this is the control (A/A): the same cell under a second label.
    pub is_control: bool,
    /// All trials, invalid ones too.
    pub all: Vec<&'a Trial>,
    /// The valid trials.
    pub valid: Vec<&'a Trial>,
}

/// Groups trials by cell. Cells are in the order of their first trials.
pub fn group(trials: &[Trial]) -> Vec<CellTrials<'_>> {
    let mut cells: Vec<CellTrials> = Vec::new();
    for trial in trials {
        let place = cells.iter().position(|cell| cell.contains(trial));
        let place = place.unwrap_or_else(|| {
            cells.push(CellTrials::starting_with(trial));
            cells.len() - 1
        });
        cells[place].all.push(trial);
        if trial.invalidity.is_none() {
            cells[place].valid.push(trial);
        }
    }
    cells
}

/// Pairs of the metric's values of two cells, one for each block in which both are known. The
/// repetition is the number of the block.
pub fn paired_by_block(a: &CellTrials, b: &CellTrials, metric: Metric) -> Vec<(f64, f64)> {
    let partner = |one: &Trial| {
        let mut others = b.valid.iter();
        others.find(|other| other.repetition == one.repetition)
    };
    let both = |one: &&Trial| Some((one.value(metric)?, partner(one)?.value(metric)?));
    a.valid.iter().filter_map(both).collect()
}

impl<'a> CellTrials<'a> {
    fn starting_with(trial: &'a Trial) -> Self {
        CellTrials {
            experiment: &trial.experiment,
            transport: trial.transport,
            level: trial.level.as_ref(),
            is_control: trial.is_control,
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

    /// The valid trials, or none if they are too few for estimates.
    pub fn usable(&self) -> &[&'a Trial] {
        match self.valid.len() {
            0..MIN_TRIALS => &[],
            _ => &self.valid,
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

    /// The metric's value in each valid trial in which it is known.
    pub fn values(&self, metric: Metric) -> Vec<f64> {
        let known = self.valid.iter().filter_map(|trial| trial.value(metric));
        known.collect()
    }

    /// The numeric value of the parameter with this key at the cell's level.
    pub fn number(&self, key: &str) -> Option<f64> {
        Level::number(self.level, key)
    }

    /// The delivery latencies of all valid trials together. A histogram that cannot be read is left
    /// out.
    pub fn merged(&self) -> Samples {
        let mut all = Samples::new();
        for trial in &self.valid {
            if let Ok(samples) = trial.delivery_us.samples() {
                all.merge(&samples);
            }
        }
        all
    }
}

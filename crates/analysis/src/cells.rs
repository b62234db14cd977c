//! Cells: the trials of one transport at one level of one experiment.

use protocol::Transport;

use super::{metric::Metric, results::Trial, samples::Samples, scenario::Level, stats::ENOUGH};

/// A cell's trials, in the order in which they ran.
pub struct Cell<'a> {
    pub experiment: &'a str,
    pub transport: Transport,
    pub level: Option<&'a Level>,
    /// The A/A cell's second label: the same again, to show what chance makes of it.
    pub is_control: bool,
    /// All of them, void ones too.
    pub run: Vec<&'a Trial>,
    /// Those that count.
    pub trials: Vec<&'a Trial>,
}

/// All cells, by the first of their trials.
pub fn group(trials: &[Trial]) -> Vec<Cell<'_>> {
    let mut cells: Vec<Cell> = Vec::new();
    for trial in trials {
        let place = cells.iter().position(|cell| cell.holds(trial));
        let place = place.unwrap_or_else(|| {
            cells.push(Cell::of(trial));
            cells.len() - 1
        });
        cells[place].run.push(trial);
        if trial.void.is_none() {
            cells[place].trials.push(trial);
        }
    }
    cells
}

/// The metric's values of two cells in each block that has both; the repetition is the block.
pub fn blocks(a: &Cell, b: &Cell, metric: Metric) -> Vec<(f64, f64)> {
    let partner = |one: &Trial| {
        let mut others = b.trials.iter();
        others.find(|other| other.repetition == one.repetition)
    };
    let both = |one: &&Trial| Some((one.value(metric)?, partner(one)?.value(metric)?));
    a.trials.iter().filter_map(both).collect()
}

impl<'a> Cell<'a> {
    fn of(trial: &'a Trial) -> Self {
        Cell {
            experiment: &trial.experiment,
            transport: trial.transport,
            level: trial.level.as_ref(),
            is_control: trial.is_control,
            run: Vec::new(),
            trials: Vec::new(),
        }
    }

    fn holds(&self, trial: &Trial) -> bool {
        self.is_control == trial.is_control
            && self.experiment == trial.experiment
            && self.transport == trial.transport
            && self.level == trial.level.as_ref()
    }

    /// Whether the other is the same under another label.
    pub fn is_twin_of(&self, other: &Cell) -> bool {
        self.is_control != other.is_control
            && self.experiment == other.experiment
            && self.transport == other.transport
            && self.level == other.level
    }

    /// The trials that count where they are enough, or none.
    pub fn usable(&self) -> &[&'a Trial] {
        match self.trials.len() {
            0..ENOUGH => &[],
            _ => &self.trials,
        }
    }

    /// Whether any message was due.
    pub fn has_messages(&self) -> bool {
        self.run.iter().any(|trial| trial.expected > 0)
    }

    /// The metric in each trial that counts and tells it.
    pub fn values(&self, metric: Metric) -> Vec<f64> {
        let told = self.trials.iter().filter_map(|trial| trial.value(metric));
        told.collect()
    }

    /// The number that a parameter, by its key, has at the cell's level.
    pub fn number(&self, key: &str) -> Option<f64> {
        Level::number(self.level, key)
    }

    /// All deliveries of the trials that count. A histogram that cannot be read is left out.
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

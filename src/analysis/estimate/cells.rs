//! The trials, by cell.

use std::collections::BTreeMap;

use crate::{
    analysis::{
        results::Trial,
        scenario::{Experiment, Level},
        stats::ENOUGH,
    },
    wire::Transport,
};

/// The trials of one transport at one level of one experiment, in the order in which they ran.
/// Those of the A/A cell's second label are in none.
pub struct Cell<'a> {
    pub experiment: &'a str,
    pub transport: Transport,
    pub level: Option<&'a Level>,
    pub trials: Vec<&'a Trial>,
}

/// All cells: the experiments as they ran, the transports as they are always shown, and the levels
/// as they are swept.
pub fn group<'a>(trials: &'a [Trial], experiments: &BTreeMap<String, Experiment>) -> Vec<Cell<'a>> {
    let mut cells: Vec<Cell> = Vec::new();
    for trial in trials.iter().filter(|trial| !is_again(trial)) {
        match cells.iter_mut().find(|cell| cell.holds(trial)) {
            Some(cell) => cell.trials.push(trial),
            None => cells.push(Cell::of(trial)),
        }
    }
    let mut ran: Vec<_> = cells.iter().map(|cell| cell.experiment).collect();
    ran.dedup();
    let swept: BTreeMap<_, _> = ran
        .iter()
        .map(|name| (*name, levels(name, experiments)))
        .collect();
    cells.sort_by_key(|cell| {
        let experiment = ran.iter().position(|name| *name == cell.experiment);
        let levels = &swept[cell.experiment];
        let level = levels.iter().position(|level| level.as_ref() == cell.level);
        (experiment, cell.transport, level.unwrap_or(usize::MAX))
    });
    cells
}

/// Whether a trial is of the A/A cell's second label.
pub fn is_again(trial: &Trial) -> bool {
    trial.label.ends_with(" (again)")
}

/// The levels of an experiment in their order.
fn levels(name: &str, experiments: &BTreeMap<String, Experiment>) -> Vec<Option<Level>> {
    let cells = experiments.get(name).map(Experiment::cells);
    let cells = cells.and_then(Result::ok).unwrap_or_default();
    cells.into_iter().map(|cell| cell.level).collect()
}

impl<'a> Cell<'a> {
    fn of(trial: &'a Trial) -> Self {
        Cell {
            experiment: &trial.experiment,
            transport: trial.transport,
            level: trial.level.as_ref(),
            trials: vec![trial],
        }
    }

    pub fn holds(&self, trial: &Trial) -> bool {
        self.experiment == trial.experiment
            && self.transport == trial.transport
            && self.level == trial.level.as_ref()
    }

    pub fn valid(&self) -> Vec<&'a Trial> {
        let valid = self.trials.iter().filter(|trial| trial.void.is_none());
        valid.copied().collect()
    }

    /// The valid trials where they are enough, or none.
    pub fn usable(&self) -> Vec<&'a Trial> {
        let valid = self.valid();
        if valid.len() < ENOUGH {
            Vec::new()
        } else {
            valid
        }
    }

    /// Whether any message was due.
    pub fn has_messages(&self) -> bool {
        self.trials.iter().any(|trial| trial.expected > 0)
    }
}

//! The plan of a campaign: its trials, their order, and their duration.

mod added;
#[cfg(test)]
mod tests;

use analysis::{
    scenario::{Control, Experiment, Network, PlannedCell, Runs, Scenario},
    stats::MIN_TRIALS,
};
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};

use self::added::{ensure_calibration, ensure_control};
use crate::{
    runs::seed_of_run,
    schedule::seed_for,
    trial::{self, PlannedTrial},
};

/// The duration of a trial beside its warm-up and its span, in seconds: starting the server,
/// opening the connections, and ending.
const OVERHEAD_S: f64 = 0.2;
/// Repetitions, and the share of the span, with `--quick`: together about a tenth of the time.
const QUICK_REPETITIONS: u32 = 3;
const QUICK_SHARE: f64 = 0.35;

/// The experiments of a campaign as they will be run, and their trials.
#[derive(Clone, Debug)]
pub struct Plan {
    pub experiments: Vec<Experiment>,
    /// Of all runs.
    pub trials: Vec<PlannedTrial>,
    /// How often the whole campaign is run.
    pub runs: u32,
}

impl Plan {
    /// Plans one block for each repetition: all cells of an experiment once, in shuffled order. The
    /// experiments run one after the other, so that an interrupted run has some complete ones. Every run
    /// has the same cells, in an order of its own.
    ///
    /// # Errors
    /// A sweep is not possible, or a cell would have too few trials; the sentence says why.
    pub fn new(scenario: &Scenario, quick: bool, seed: u64, runs: u32) -> Result<Self, String> {
        let mut experiments = scenario.experiments.clone();
        if quick {
            experiments.iter_mut().for_each(shorten);
        }
        ensure_control(&mut experiments, quick);
        ensure_calibration(&mut experiments, quick)?;
        let mut cells = Vec::new();
        for experiment in &experiments {
            check_trials(experiment, runs)?;
            let mut own = experiment.cells()?;
            let controls = experiment.control.iter();
            let controls: Vec<_> = controls.filter_map(|one| control(one, &own)).collect();
            own.extend(controls);
            cells.push(own);
        }
        let mut plan = Plan {
            experiments: Vec::new(),
            trials: Vec::new(),
            runs,
        };
        for run in 0..runs {
            for (experiment, cells) in experiments.iter().zip(&cells) {
                plan.add(run, experiment, cells, seed_of_run(seed, run));
            }
        }
        plan.experiments = experiments;
        Ok(plan)
    }

    fn add(&mut self, run: u32, experiment: &Experiment, cells: &[PlannedCell], seed: u64) {
        for repetition in 0..experiment.runs.repetitions {
            let mut block = cells.to_vec();
            let words = [experiment.name.as_str(), "order"];
            let mut rng = StdRng::seed_from_u64(seed_for(seed, &words, repetition));
            block.shuffle(&mut rng);
            for cell in block {
                self.trials.push(PlannedTrial {
                    cell,
                    run,
                    repetition,
                    order: self.trials.len() as u32,
                });
            }
        }
    }

    /// The controls (A/A) among the cells of an experiment.
    pub fn controls_of(&self, experiment: &str) -> Vec<&PlannedCell> {
        let mut controls: Vec<&PlannedCell> = Vec::new();
        let cells = self.trials.iter().map(|planned| &planned.cell);
        for cell in cells.filter(|cell| cell.is_control && cell.settings.name == experiment) {
            if controls.iter().all(|other| other.label() != cell.label()) {
                controls.push(cell);
            }
        }
        controls
    }

    /// The distinct emulated links of the plan.
    pub fn networks(&self) -> Vec<Network> {
        let mut networks: Vec<Network> = Vec::new();
        for planned in &self.trials {
            let network = &planned.cell.settings.network;
            if network.is_emulated() && !networks.contains(network) {
                networks.push(network.clone());
            }
        }
        networks
    }

    /// The trials of one run.
    pub fn trials_of(&self, run: u32) -> impl Iterator<Item = &PlannedTrial> {
        self.trials.iter().filter(move |planned| planned.run == run)
    }

    /// The estimated duration, without the waits between runs.
    pub fn seconds(&self) -> f64 {
        self.trials.iter().map(seconds).sum()
    }
}

/// Refuses an experiment that could only be invalid: its cells cannot have the least number of trials.
fn check_trials(experiment: &Experiment, runs: u32) -> Result<(), String> {
    let Experiment {
        name,
        runs: Runs { repetitions },
        ..
    } = experiment;
    if (repetitions * runs) as usize >= MIN_TRIALS {
        return Ok(());
    }
    Err(format!(
        "{name}: repetitions = {repetitions} gives each cell too few trials: {MIN_TRIALS} valid ones are \
         needed. Set repetitions = {MIN_TRIALS} or more under [runs], or give --runs {MIN_TRIALS} or more"
    ))
}

/// The estimated duration of a trial.
pub fn seconds(planned: &PlannedTrial) -> f64 {
    let settings = &planned.cell.settings;
    let rooms = f64::from(settings.load.rooms) * 0.000_3;
    let clients = f64::from(settings.load.rooms * settings.load.clients) * 0.000_3;
    let last_poll = match planned.cell.transport.pauses() {
        true => settings.transport.interval_ms / 2_000.0,
        false => 0.0,
    };
    let span = match &settings.search {
        Some(search) => search.expected_seconds(&settings.load),
        None => settings.load.seconds,
    };
    let link = settings.network.one_way_ms / 1_000.0 * 8.0;
    trial::warm_up(&planned.cell) + span + OVERHEAD_S + rooms + clients + last_poll + link
}

/// Shortens an experiment to about a tenth: fewer repetitions, a shorter span, and at most three
/// values for each sweep.
fn shorten(experiment: &mut Experiment) {
    experiment.runs.repetitions = experiment.runs.repetitions.min(QUICK_REPETITIONS);
    if experiment.outage.is_none() && experiment.search.is_none() {
        experiment.load.seconds = (experiment.load.seconds * QUICK_SHARE).max(1.0);
    }
    // So short a time shows neither the phases of short polls nor processor time closely enough.
    experiment
        .control
        .retain(|control| !control.transport.pauses());
    for control in &mut experiment.control {
        let shown = Control::of(control.transport).metrics;
        control.metrics.retain(|metric| shown.contains(metric));
    }
    for sweep in &mut experiment.sweep {
        let (first, last) = (sweep.values.first().cloned(), sweep.values.last().cloned());
        if sweep.values.len() > 3 {
            let middle = sweep.values[sweep.values.len() / 2].clone();
            sweep.values = first.into_iter().chain([middle]).chain(last).collect();
        }
    }
}

/// The control (A/A) of a transport: its last cell, under a second label.
fn control(control: &Control, cells: &[PlannedCell]) -> Option<PlannedCell> {
    let mut own = cells.iter().rev();
    let last = own.find(|cell| cell.transport == control.transport)?;
    Some(PlannedCell {
        is_control: true,
        ..last.clone()
    })
}

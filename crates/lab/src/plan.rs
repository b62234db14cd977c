//! The plan of a campaign: its trials, their order, and their duration.

use analysis::scenario::{
    Experiment, Load, Network, PlannedCell, Runs, Scenario, TransportSettings,
};
use protocol::Transport;
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};

use crate::{
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
    pub trials: Vec<PlannedTrial>,
}

impl Plan {
    /// Plans one block for each repetition: all cells of an experiment once, in shuffled order. The
    /// experiments run one after the other, so that an interrupted run has some complete ones.
    ///
    /// # Errors
    /// A sweep is not possible; the sentence says why.
    pub fn new(scenario: &Scenario, quick: bool, seed: u64) -> Result<Self, String> {
        let mut experiments = scenario.experiments.clone();
        if quick {
            experiments.iter_mut().for_each(shorten);
        }
        if !experiments.iter().any(can_show_noise) {
            experiments.push(noise_experiment(quick));
        }
        let mut plan = Plan {
            experiments: Vec::new(),
            trials: Vec::new(),
        };
        let mut needs_control = true;
        for experiment in experiments {
            let mut cells = experiment.cells()?;
            if needs_control && can_show_noise(&experiment) {
                cells.extend(control(&cells));
                needs_control = false;
            }
            plan.add(&experiment, &cells, seed);
            plan.experiments.push(experiment);
        }
        Ok(plan)
    }

    fn add(&mut self, experiment: &Experiment, cells: &[PlannedCell], seed: u64) {
        for repetition in 0..experiment.runs.repetitions {
            let mut block = cells.to_vec();
            let words = [experiment.name.as_str(), "order"];
            let mut rng = StdRng::seed_from_u64(seed_for(seed, &words, repetition));
            block.shuffle(&mut rng);
            for cell in block {
                self.trials.push(PlannedTrial {
                    cell,
                    repetition,
                    order: self.trials.len() as u32,
                });
            }
        }
    }

    /// The control (A/A) among the cells of an experiment, if it has one.
    pub fn control_of(&self, experiment: &str) -> Option<&PlannedCell> {
        let mut cells = self.trials.iter().map(|planned| &planned.cell);
        cells.find(|cell| cell.is_control && cell.settings.name == experiment)
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

    /// The estimated duration.
    pub fn seconds(&self) -> f64 {
        self.trials.iter().map(seconds).sum()
    }
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
    for sweep in &mut experiment.sweep {
        let (first, last) = (sweep.values.first().cloned(), sweep.values.last().cloned());
        if sweep.values.len() > 3 {
            let middle = sweep.values[sweep.values.len() / 2].clone();
            sweep.values = first.into_iter().chain([middle]).chain(last).collect();
        }
    }
}

/// Whether an experiment is suitable for the control (A/A): it has messages, no outage and no load
/// ramp.
fn can_show_noise(experiment: &Experiment) -> bool {
    let is_idle = experiment.load.rate == 0.0 || experiment.load.clients == 0;
    !is_idle && experiment.search.is_none() && experiment.outage.is_none()
}

/// The control (A/A): the last transport at its last level, under a second label.
fn control(cells: &[PlannedCell]) -> Option<PlannedCell> {
    let last = cells.last()?;
    Some(PlannedCell {
        is_control: true,
        ..last.clone()
    })
}

/// An experiment for the control, for campaigns that have no suitable one.
fn noise_experiment(quick: bool) -> Experiment {
    Experiment {
        name: "noise".into(),
        title: "The difference between two equal cells".into(),
        question: "How far do two equal cells differ by chance on this machine?".into(),
        expect: "The interval of their ratio includes 1.".into(),
        load: Load {
            rate: 5.0,
            seconds: 3.0,
            ..Load::default()
        },
        network: Network {
            one_way_ms: 20.0,
            ..Network::default()
        },
        transport: TransportSettings {
            list: vec![Transport::WebSocket],
            ..TransportSettings::default()
        },
        runs: Runs {
            repetitions: if quick { 3 } else { 5 },
        },
        ..Experiment::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(name: &str, quick: bool) -> Plan {
        Plan::new(&Scenario::load(name).unwrap(), quick, 1).unwrap()
    }

    #[test]
    fn every_block_has_every_cell_once_in_an_order_of_its_own() {
        let plan = plan("latency", false);
        let cells = plan.experiments[0].cells().unwrap().len() + 1;
        let blocks: Vec<Vec<String>> = plan
            .trials
            .chunks(cells)
            .map(|block| {
                block
                    .iter()
                    .map(|planned| format!("{} {:?}", planned.cell.label(), planned.cell.level))
                    .collect()
            })
            .collect();
        assert_eq!(blocks.len(), 10);
        for block in &blocks {
            let distinct: std::collections::BTreeSet<_> = block.iter().collect();
            assert_eq!(distinct.len(), cells);
        }
        assert!(blocks.iter().any(|block| *block != blocks[0]), "shuffled");
    }

    #[test]
    fn every_built_in_scenario_has_one_control() {
        for built_in in analysis::scenario::BUILT_IN {
            let plan = plan(built_in.name, true);
            let controls: std::collections::BTreeSet<_> = plan
                .trials
                .iter()
                .filter(|planned| planned.cell.is_control)
                .map(|planned| planned.cell.label())
                .collect();
            assert_eq!(controls.len(), 1, "{}", built_in.name);
        }
    }

    #[test]
    fn the_default_suite_fits_into_twenty_minutes_and_the_small_one_into_seconds() {
        assert!(plan("coursework", false).seconds() < 19.0 * 60.0);
        assert!(plan("smoke", false).seconds() < 19.0);
    }

    #[test]
    fn quick_is_much_quicker() {
        for name in ["latency", "interval", "rtt", "rate", "size"] {
            assert!(
                plan(name, true).seconds() < 0.2 * plan(name, false).seconds(),
                "{name}"
            );
        }
    }
}

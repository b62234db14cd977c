//! Which trials a campaign consists of, in which order, and how long it takes.

use analysis::scenario::{Experiment, Load, Network, PlannedCell, Runs, Scenario, Transports};
use protocol::Transport;
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};

use crate::{
    schedule::seed_for,
    trial::{self, Planned},
};

/// What a trial takes beside its warm-up and its span, in seconds: the server, the clients, the end.
const AROUND: f64 = 0.2;
/// `--quick`: about a tenth of the time.
const QUICK_REPETITIONS: u32 = 3;
const QUICK_SHARE: f64 = 0.35;

/// The experiments of a campaign as they will be run, and its trials.
#[derive(Clone, Debug)]
pub struct Plan {
    pub experiments: Vec<Experiment>,
    pub trials: Vec<Planned>,
}

impl Plan {
    /// Blocks: every cell of an experiment once, in shuffled order; as many blocks as there are
    /// repetitions. One experiment follows the other, so that an interrupted run has whole ones.
    ///
    /// # Errors
    /// A sweep that is not possible, in words.
    pub fn new(scenario: &Scenario, quick: bool, seed: u64) -> Result<Self, String> {
        let mut experiments = scenario.experiments.clone();
        if quick {
            experiments.iter_mut().for_each(shorten);
        }
        if !experiments.iter().any(tells_noise) {
            experiments.push(noise(quick));
        }
        let mut plan = Plan {
            experiments: Vec::new(),
            trials: Vec::new(),
        };
        let mut again_is_due = true;
        for experiment in experiments {
            let mut cells = experiment.cells()?;
            if again_is_due && tells_noise(&experiment) {
                cells.extend(again(&cells));
                again_is_due = false;
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
                self.trials.push(Planned {
                    cell,
                    repetition,
                    order: self.trials.len() as u32,
                });
            }
        }
    }

    /// The emulated links that will be used, each once.
    pub fn networks(&self) -> Vec<Network> {
        let mut networks: Vec<Network> = Vec::new();
        for planned in &self.trials {
            let network = &planned.cell.setting.network;
            if network.is_emulated() && !networks.contains(network) {
                networks.push(network.clone());
            }
        }
        networks
    }

    pub fn seconds(&self) -> f64 {
        self.trials.iter().map(seconds).sum()
    }
}

/// How long a trial takes, about.
pub fn seconds(planned: &Planned) -> f64 {
    let setting = &planned.cell.setting;
    let rooms = f64::from(setting.load.rooms) * 0.000_3;
    let clients = f64::from(setting.load.rooms * setting.load.clients) * 0.000_3;
    let last = match planned.cell.transport.pauses() {
        true => setting.transport.interval_ms / 2_000.0,
        false => 0.0,
    };
    let link = setting.network.one_way_ms / 1_000.0 * 8.0;
    trial::warm_up(&planned.cell) + setting.load.seconds + AROUND + rooms + clients + last + link
}

/// About a tenth of the work: fewer repetitions of a shorter span.
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

/// Whether an experiment's mean latencies can show the noise: messages come, and nothing is broken
/// or driven to its limit.
fn tells_noise(experiment: &Experiment) -> bool {
    let silent = experiment.load.rate == 0.0 || experiment.load.clients == 0;
    !silent && experiment.search.is_none() && experiment.outage.is_none()
}

/// The A/A cell: the last transport at its last level, under a second label.
fn again(cells: &[PlannedCell]) -> Option<PlannedCell> {
    let last = cells.last()?;
    Some(PlannedCell {
        again: true,
        ..last.clone()
    })
}

/// For campaigns that have no such experiment.
fn noise(quick: bool) -> Experiment {
    Experiment {
        name: "noise".into(),
        title: "How much two measurements of the same thing differ".into(),
        question: "What does this machine's noise look like?".into(),
        expect: "The ratio of the two is 1, within their interval.".into(),
        load: Load {
            rate: 5.0,
            seconds: 3.0,
            ..Load::default()
        },
        network: Network {
            one_way_ms: 20.0,
            ..Network::default()
        },
        transport: Transports {
            list: vec![Transport::WebSocket],
            ..Transports::default()
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
            let different: std::collections::BTreeSet<_> = block.iter().collect();
            assert_eq!(different.len(), cells);
        }
        assert!(blocks.iter().any(|block| *block != blocks[0]), "shuffled");
    }

    #[test]
    fn every_built_in_scenario_has_one_cell_under_two_labels() {
        for built_in in analysis::scenario::BUILT_IN {
            let plan = plan(built_in.name, true);
            let again: std::collections::BTreeSet<_> = plan
                .trials
                .iter()
                .filter(|planned| planned.cell.again)
                .map(|planned| planned.cell.label())
                .collect();
            assert_eq!(again.len(), 1, "{}", built_in.name);
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

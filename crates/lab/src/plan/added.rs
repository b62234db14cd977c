//! The experiments and controls that a campaign gets where its scenario has none.

use analysis::{
    cost,
    scenario::{
        Control, Experiment, Load, Network, Runs, Scenario, Sweep, TransportSettings, level,
    },
};
use protocol::Transport;

use super::QUICK_REPETITIONS;

/// Repetitions of an experiment that was added, without `--quick`.
const REPETITIONS: u32 = 5;
/// The span of a calibration, in seconds.
const CALIBRATION_S: f64 = 1.0;

/// Whether an experiment is suitable for the control (A/A): it has messages, no outage and no load
/// ramp.
fn can_show_noise(experiment: &Experiment) -> bool {
    // The control is the last cell, so a sweep must not end in silence.
    let cells = experiment.cells().unwrap_or_default();
    let has_messages = |load: &Load| load.rate > 0.0 && load.clients > 0;
    let last = cells.last().map(|cell| &cell.settings.load);
    last.is_some_and(has_messages) && experiment.search.is_none() && experiment.outage.is_none()
}

/// Gives a campaign without a control (A/A) one: the last transport of the first experiment that is
/// suitable, or an experiment for it.
pub fn ensure_control(experiments: &mut Vec<Experiment>, quick: bool) {
    if experiments.iter().any(|one| !one.control.is_empty()) {
        return;
    }
    if !experiments.iter().any(can_show_noise) {
        experiments.push(noise_experiment(quick));
    }
    let suitable = experiments.iter_mut().find(|one| can_show_noise(one));
    let suitable = suitable.expect("one is suitable");
    let last = suitable.transport.list.last();
    suitable.control.extend(last.copied().map(Control::of));
}

/// Gives a campaign with a fan-out, whose theory needs the cost of a send, an experiment that measures
/// it for the same transports, unless it has one.
pub fn ensure_calibration(experiments: &mut Vec<Experiment>, quick: bool) -> Result<(), String> {
    if experiments
        .iter()
        .any(|one| cost::is_measured_by(&one.name))
    {
        return Ok(());
    }
    let fan_outs = experiments.iter().filter(|one| is_fan_out(one));
    let mut transports: Vec<_> = fan_outs
        .flat_map(|one| one.transport.list.clone())
        .collect();
    transports.retain(|transport| !transport.pauses());
    transports.sort();
    transports.dedup();
    if !transports.is_empty() {
        experiments.extend(calibration(transports, quick)?);
    }
    Ok(())
}

/// Whether an experiment sweeps the readers of a room, to which messages are sent.
fn is_fan_out(experiment: &Experiment) -> bool {
    let swept = |sweep: &Sweep| level::key(&sweep.parameter) == "clients";
    let has_messages = experiment.load.rate > 0.0;
    let is_steady = experiment.search.is_none() && experiment.outage.is_none();
    has_messages && is_steady && experiment.sweep.iter().any(swept)
}

/// The built-in experiment that measures costs, with the ends of its sweeps alone.
fn calibration(transports: Vec<Transport>, quick: bool) -> Result<Vec<Experiment>, String> {
    let mut measuring = Scenario::load(cost::EXPERIMENT)?.experiments;
    for one in &mut measuring {
        one.transport.list.clone_from(&transports);
        one.load.seconds = CALIBRATION_S;
        one.runs.repetitions = repetitions(quick);
        for sweep in &mut one.sweep {
            let ends = [sweep.values.first(), sweep.values.last()];
            sweep.values = ends.into_iter().flatten().cloned().collect();
        }
    }
    Ok(measuring)
}

/// An experiment for the control, for campaigns that have no suitable one.
fn noise_experiment(quick: bool) -> Experiment {
    Experiment {
        name: "noise".into(),
        title: "The difference between two equal cells".into(),
        question: "How far do two equal cells differ by chance on this machine?".into(),
        expect: "The interval of their ratio lies inside 0.95–1.05.".into(),
        load: Load {
            rate: 5.0,
            seconds: 1.0,
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
            repetitions: repetitions(quick),
        },
        ..Experiment::default()
    }
}

fn repetitions(quick: bool) -> u32 {
    match quick {
        true => QUICK_REPETITIONS,
        false => REPETITIONS,
    }
}

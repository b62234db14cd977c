//! The controls of the built-in suites are large enough: on a machine without noise, where trials
//! differ only by the random phases of the polls and by their schedules, at least 19 of 20 campaigns
//! pass. The phases are simulated; everything else is the same under both labels.

use protocol::Transport;
use rand::{Rng, SeedableRng, rngs::StdRng};

use super::control::bounds;
use crate::{
    estimate::configured_inputs,
    metric::{LatencyKind, Metric, Quantile, Statistic},
    scenario::{Control, Experiment, Scenario},
    stats::paired_ratio,
    theory::ModelInputs,
};

/// Bytes of a poll without messages and of a message, segments included: those of the lab's minimal
/// headers.
const POLL_BYTES: f64 = 500.0;
const MESSAGE_BYTES: f64 = 250.0;

/// A block's schedule: the instants of each room's messages in the span, in seconds.
type Schedule = Vec<Vec<f64>>;

fn schedule(random: &mut StdRng, experiment: &Experiment) -> Schedule {
    let load = &experiment.load;
    let room = |_| {
        let mut at = 0.0;
        let mut room = Vec::new();
        loop {
            at += -(1.0 - random.random::<f64>()).ln() / load.rate;
            if at >= load.seconds {
                return room;
            }
            room.push(at);
        }
    };
    (0..load.rooms).map(room).collect()
}

/// What a trial of short polling shows on a machine without noise.
struct Trial {
    latencies: Vec<f64>,
    requests: f64,
    messages: f64,
    client_seconds: f64,
}

fn trial(
    random: &mut StdRng,
    schedule: &Schedule,
    experiment: &Experiment,
    inputs: &ModelInputs,
) -> Trial {
    let cycle = inputs.cycle();
    let (mut latencies, mut requests) = (Vec::new(), 0.0);
    for room in schedule {
        // When the server answers the first poll of the span.
        let phase = random.random::<f64>() * cycle;
        requests += ((experiment.load.seconds - phase) / cycle).ceil().max(0.0);
        let wait = |at: &f64| (phase - at).rem_euclid(cycle);
        latencies.extend(room.iter().map(|at| inputs.one_way + wait(at)));
    }
    latencies.sort_by(f64::total_cmp);
    Trial {
        messages: latencies.len() as f64,
        latencies,
        requests,
        client_seconds: schedule.len() as f64 * experiment.load.seconds,
    }
}

impl Trial {
    fn value(&self, metric: Metric) -> f64 {
        let count = self.latencies.len();
        match metric {
            Metric::Latency(LatencyKind::Delivery, Statistic::Mean) => {
                self.latencies.iter().sum::<f64>() / count as f64
            }
            Metric::Latency(LatencyKind::Delivery, Statistic::Quantile(quantile)) => {
                self.latencies[(quantile.share() * count as f64) as usize]
            }
            Metric::RequestsPerS => self.requests / self.client_seconds,
            Metric::IpBytesPerMessage => POLL_BYTES * self.requests / self.messages + MESSAGE_BYTES,
            // The work of the server is the same for the same requests and messages.
            Metric::CpuPerDelivery => 300.0 + 30.0 * self.requests / self.messages,
            other => panic!("{other} is not simulated"),
        }
    }
}

/// The pairs of values of a cell and its control, one for each block of a run.
fn run(random: &mut StdRng, experiment: &Experiment, metrics: &[Metric]) -> Vec<Vec<(f64, f64)>> {
    let one_way = experiment.network.one_way_ms / 1e3;
    let inputs = configured_inputs(experiment, Transport::ShortPoll, one_way);
    let mut pairs = vec![Vec::new(); metrics.len()];
    for _ in 0..experiment.runs.repetitions {
        let schedule = schedule(random, experiment);
        let [a, b] = [(); 2].map(|()| trial(random, &schedule, experiment, &inputs));
        for (pairs, metric) in pairs.iter_mut().zip(metrics) {
            pairs.push((a.value(*metric), b.value(*metric)));
        }
    }
    pairs
}

fn passes(random: &mut StdRng, experiment: &Experiment, control: &Control, runs: u32) -> bool {
    let metrics = experiment.control_metrics(control.transport);
    let all: Vec<_> = (0..runs)
        .map(|_| run(random, experiment, &metrics))
        .collect();
    metrics.iter().enumerate().all(|(place, metric)| {
        // The blocks of all runs.
        let pairs: Vec<_> = all.iter().flat_map(|run| run[place].clone()).collect();
        let [low, high] = paired_ratio(&pairs).unwrap().ci95;
        let [least, most] = bounds(*metric);
        least <= low && high <= most
    })
}

/// The share of campaigns that pass the controls of short polling. Those of the other transports
/// have no noise to pass: their clients wait for messages, not for phases.
fn share(scenario: &str, runs: u32) -> f64 {
    const CAMPAIGNS: usize = 200;
    let scenario = Scenario::load(scenario).unwrap();
    let mut random = StdRng::seed_from_u64(u64::from(runs));
    let of_last_level = |experiment: &Experiment, control: &Control| {
        let cells = experiment.cells().unwrap();
        let own = cells.iter().rev();
        let mut own = own.filter(|cell| cell.transport == control.transport);
        own.next().unwrap().settings.clone()
    };
    let controls: Vec<_> = scenario
        .experiments
        .iter()
        .flat_map(|experiment| experiment.control.iter().map(move |one| (experiment, one)))
        .filter(|(_, control)| control.transport.pauses())
        .map(|(experiment, control)| (of_last_level(experiment, control), control))
        .collect();
    assert!(!controls.is_empty());
    let passed = (0..CAMPAIGNS).filter(|_| {
        controls
            .iter()
            .all(|(experiment, control)| passes(&mut random, experiment, control, runs))
    });
    passed.count() as f64 / CAMPAIGNS as f64
}

#[test]
fn a_machine_without_noise_passes_in_19_of_20_campaigns() {
    for (scenario, runs) in [("coursework", 1), ("coursework", 3), ("smoke", 1)] {
        let share = share(scenario, runs);
        assert!(share >= 0.95, "{scenario}, {runs} runs: {share}");
    }
}

/// Every headline metric of the suite has its A/A.
#[test]
fn the_suite_controls_each_headline_metric() {
    let scenario = Scenario::load("coursework").unwrap();
    let controls = scenario.experiments.iter().flat_map(|one| &one.control);
    let metrics: Vec<_> = controls.flat_map(|one| one.metrics.clone()).collect();
    for metric in [
        Metric::MEAN,
        Metric::delivery(Quantile::P99),
        Metric::RequestsPerS,
        Metric::IpBytesPerMessage,
        Metric::CpuPerDelivery,
    ] {
        assert!(metrics.contains(&metric), "{metric}");
    }
}

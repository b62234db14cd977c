//! Fits of synthetic trials with known costs, and the designs of the built-in experiments.

use protocol::Transport;
use rand::{Rng, SeedableRng, rngs::StdRng};

use super::*;
use crate::{
    estimate::{configured_inputs, sample},
    results::Cost,
    scenario::{Experiment, PlannedCell, Scenario},
    stats::{critical, variance_inflation},
    theory::predict,
};

/// a, b and c of the synthetic trials, in microseconds.
const COSTS: [f64; 3] = [250.0, 30.0, 12.0];

/// The experiment as it is built in, and as `coursework` runs it.
fn experiments() -> Vec<Experiment> {
    let of = |name| Scenario::load(name).unwrap().experiments.into_iter();
    let both = of("cost").chain(of("coursework"));
    both.filter(|one| is_measured_by(&one.name)).collect()
}

/// A trial of a cell with the counts that the models expect, and a processor time by [`COSTS`] with
/// this relative error.
fn trial(cell: &PlannedCell, run: u32, repetition: u32, error: f64) -> Trial {
    let settings = &cell.settings;
    let load = &settings.load;
    let inputs = configured_inputs(settings, cell.transport, settings.network.one_way_ms / 1e3);
    let clients = load.rooms * load.clients;
    let posts = f64::from(load.rooms) * load.rate * load.seconds;
    let polls = predict(cell.transport, &inputs).unwrap().requests_per_s();
    let requests = polls * f64::from(clients) * load.seconds;
    let deliveries = posts * f64::from(load.clients);
    let [a, b, c] = COSTS;
    let cpu = a * posts.round() + b * requests.round() + c * deliveries.round();
    let mut made = sample::trial(cell.transport, repetition, 40_000);
    made.experiment.clone_from(&settings.name);
    made.level.clone_from(&cell.level);
    made.run = run;
    made.clients = clients;
    made.published = posts.round() as u64;
    made.requests = requests.round() as u64;
    made.received = deliveries.round() as u64;
    made.server.cpu_us = Some(cpu * (1.0 + error));
    made
}

/// A normal number, as a sum of twelve uniform ones.
fn normal(random: &mut StdRng) -> f64 {
    (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0
}

/// The trials of an experiment, each with a relative error of this standard deviation, and each run
/// with one of `between`.
fn trials(
    experiment: &Experiment,
    random: &mut StdRng,
    runs: u32,
    [within, between]: [f64; 2],
) -> Vec<Trial> {
    let cells = experiment.cells().unwrap();
    let mut all = Vec::new();
    for run in 0..runs {
        let shared = between * normal(random);
        for repetition in 0..experiment.runs.repetitions {
            let of = |cell| trial(cell, run, repetition, shared + within * normal(random));
            all.extend(cells.iter().map(of));
        }
    }
    all
}

fn found(fit: &CostFit) -> Vec<Cost> {
    let all = [Some(fit.post_us), fit.request_us, Some(fit.delivery_us)];
    all.into_iter().flatten().collect()
}

/// The costs of a transport that are not null.
fn known(transport: Transport) -> Vec<f64> {
    let [a, b, c] = COSTS;
    match transport.is_poll() {
        true => vec![a, b, c],
        false => vec![a, c],
    }
}

#[test]
fn known_costs_are_recovered_from_trials_without_noise() {
    for experiment in experiments() {
        let mut random = StdRng::seed_from_u64(1);
        let all = fits(&trials(&experiment, &mut random, 1, [0.0, 0.0]));
        let transports: Vec<_> = all.iter().map(|fit| fit.transport).collect();
        assert_eq!(transports, Transport::ALL);
        for fit in &all {
            let known = known(fit.transport);
            for (cost, known) in found(fit).iter().zip(known) {
                assert!((cost.value / known - 1.0).abs() < 1e-6, "{fit:?}");
            }
            assert!(fit.r_squared > 1.0 - 1e-9);
            let rest = fit.cells.iter().map(CostCell::residual);
            assert!(rest.into_iter().all(|rest| rest.abs() < 1e-6));
            assert_eq!(fit.request_us.is_some(), fit.transport.is_poll());
        }
    }
}

/// Posts, requests and deliveries are told apart for every transport: the variance of no cost is
/// inflated more than tenfold.
#[test]
fn the_designs_are_not_collinear() {
    for experiment in experiments() {
        let mut random = StdRng::seed_from_u64(1);
        let all = trials(&experiment, &mut random, 1, [0.0, 0.0]);
        for transport in Transport::ALL {
            let own = all
                .iter()
                .filter(|one| one.transport == transport || one.clients == 0);
            let points: Vec<_> = own.filter_map(|one| point(transport, one)).collect();
            let inflation = variance_inflation(&points).unwrap();
            assert!(
                inflation.iter().all(|one| *one < 10.0),
                "{transport:?}: {inflation:?}"
            );
        }
    }
}

/// How often the intervals of `fits` hold the known costs.
fn coverage(runs: u32, errors: [f64; 2], times: u32) -> f64 {
    let experiment = &experiments()[1];
    let mut random = StdRng::seed_from_u64(3);
    let (mut held, mut all) = (0, 0);
    for _ in 0..times {
        for fit in fits(&trials(experiment, &mut random, runs, errors)) {
            for (cost, known) in found(&fit).iter().zip(known(fit.transport)) {
                held += u32::from((cost.ci95[0]..=cost.ci95[1]).contains(&known));
                all += 1;
            }
        }
    }
    f64::from(held) / f64::from(all)
}

#[test]
fn the_intervals_have_their_coverage() {
    let over_trials = coverage(1, [0.05, 0.0], 400);
    assert!((0.935..=0.965).contains(&over_trials), "{over_trials}");
    let over_runs = coverage(3, [0.05, 0.10], 400);
    assert!((0.93..=0.97).contains(&over_runs), "{over_runs}");
}

/// Three trials with one post, one delivery and no request each cannot tell posts from deliveries;
/// with a second cell without readers they can. By hand: the posts take 100 and 100 µs, so a = 100
/// without error, and c = 10 ± t·s/√n with residuals −2, 0 and 2 µs of 110.
#[test]
fn reference_values() {
    let made = |clients: u32, cpu: f64, repetition| {
        let mut made = sample::trial(Transport::WebSocket, repetition, 40_000);
        made.experiment = EXPERIMENT.into();
        made.level = Some(format!("clients={clients}").parse().unwrap());
        made.clients = clients;
        made.published = 1;
        made.received = u64::from(clients);
        made.server.cpu_us = Some(cpu);
        made
    };
    let mut all: Vec<_> = [108.0, 110.0, 112.0]
        .into_iter()
        .zip(0..)
        .map(|(cpu, repetition)| made(1, cpu, repetition))
        .collect();
    assert!(fits(&all).is_empty());
    all.extend((0..3).map(|repetition| made(0, 100.0, repetition)));
    let found = fits(&all);
    let close = |a: f64, b: f64, within: f64| assert!((a - b).abs() < within, "{a} {b}");
    let [fit] = &found[..] else {
        panic!("{found:?}")
    };
    close(fit.post_us.value, 100.0, 1e-9);
    close(fit.delivery_us.value, 10.0, 1e-9);
    // Relative residuals ±2/110; four degrees of freedom; the variances of both means add up.
    let s = (2.0 * (2.0f64 / 110.0).powi(2) / 4.0).sqrt();
    let half = critical(0.95, 4) * s * (110f64.powi(2) / 3.0 + 100f64.powi(2) / 3.0).sqrt();
    close(fit.delivery_us.ci95[1] - 10.0, half, 1e-6);
    assert!(fit.delivery_us.includes_zero() == (half > 10.0));
    let first = fit.cells.iter().find(|cell| cell.deliveries > 0.0).unwrap();
    close(first.residual(), 0.0, 1e-9);
}

#[test]
fn a_send_of_long_polling_includes_the_request_that_follows() {
    let mut random = StdRng::seed_from_u64(1);
    let all = fits(&trials(&experiments()[1], &mut random, 1, [0.0, 0.0]));
    let sends = SendCosts::of(&all);
    let us = |transport| (sends.seconds(transport).unwrap() * 1e6).round();
    assert_eq!(us(Transport::WebSocket), 12.0);
    assert_eq!(us(Transport::LongPoll), 42.0);
    assert_eq!(SendCosts::default().seconds(Transport::Sse), None);
    let mut negative = all.clone();
    for fit in &mut negative {
        fit.delivery_us.value = -1.0;
    }
    assert_eq!(SendCosts::of(&negative).seconds(Transport::Sse), None);
}

#[test]
fn only_an_experiment_of_that_name_measures_costs() {
    assert!(is_measured_by("cost") && is_measured_by("cost-2"));
    assert!(!is_measured_by("costs") && !is_measured_by("fanout"));
}

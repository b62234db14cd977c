//! Misses that appear and vanish, and what explains them.

use protocol::Transport::{self, LongPoll, ShortPoll, WebSocket};

use super::*;
use crate::{
    estimate::{estimate, sample},
    results::Trial,
    scenario::Experiment,
};

/// d is 40 ms, the trials last 10 s, and λ is 0.5 a second in each of 20 rooms.
fn experiment() -> Experiment {
    let mut experiment = Experiment {
        name: "example".into(),
        ..Experiment::default()
    };
    experiment.load.rooms = 20;
    experiment.load.rate = 0.5;
    experiment.network.one_way_ms = 40.0;
    experiment
}

/// A trial whose latencies are all `delay_us` or up to 0.1 % more, by repetition.
fn trial(transport: Transport, repetition: u32, delay_us: u64) -> Trial {
    let mut samples = crate::samples::Samples::new();
    let own = delay_us + delay_us * u64::from(repetition) / 4_000;
    (0..10_000).for_each(|_| samples.record(own));
    let mut made = sample::trial(transport, repetition, delay_us);
    made.delivery_us = samples.to_record();
    made.clients = 20;
    made
}

fn trials(transport: Transport, delay_us: u64) -> Vec<Trial> {
    (0..5)
        .map(|repetition| trial(transport, repetition, delay_us))
        .collect()
}

/// A campaign of these trials with its estimates.
fn campaign(trials: Vec<Trial>) -> Results {
    let experiment = experiment();
    let experiments = BTreeMap::from([(experiment.name.clone(), experiment.clone())]);
    let outcome = estimate(&trials, &experiments).unwrap();
    let mut results = sample::results_of(trials);
    let resolved = serde_json::to_value(&experiment).unwrap();
    results
        .scenario
        .experiments
        .insert(experiment.name, resolved);
    results.estimates = outcome.estimates;
    results
}

/// Whether the metric of a transport is missed, and by what that is explained.
fn miss(results: &Results, transport: Transport, metric: Metric) -> Option<Option<Explanation>> {
    let tally = tally(results);
    let mut misses = tally.misses.iter();
    let own =
        misses.find(|one| one.estimate.transport == transport && one.estimate.metric == metric)?;
    Some(own.explanation)
}

#[test]
fn a_push_is_explained_by_processing_up_to_the_bound() {
    let of = |delay| miss(&campaign(trials(WebSocket, delay)), WebSocket, Metric::P50);
    assert_eq!(of(40_000), None, "theory is met");
    let explained = of(40_300).unwrap().unwrap();
    let processing = explained.processing_us.unwrap();
    assert!((processing - 300.0).abs() < 60.0, "{processing}");
    assert!((explained.theory - 40_000.0 - processing).abs() < 1e-6);
    assert_eq!(explained.rate, None);
    assert_eq!(of(41_000), Some(None), "1 ms is beyond the bound");
    assert_eq!(of(39_000), Some(None), "nothing is faster than the link");
}

#[test]
fn a_poll_is_explained_by_the_processing_of_push_alone() {
    let of = |poll, push: Option<u64>| {
        let mut all = trials(LongPoll, poll);
        all.extend(push.into_iter().flat_map(|delay| trials(WebSocket, delay)));
        miss(&campaign(all), LongPoll, Metric::P50)
    };
    assert_eq!(of(40_000, Some(40_000)), None);
    let explained = of(40_900, Some(40_900)).unwrap().unwrap();
    assert!((explained.processing_us.unwrap() - 900.0).abs() < 60.0);
    assert_eq!(
        of(40_900, Some(40_000)),
        Some(None),
        "push had no such processing"
    );
    assert_eq!(of(40_900, Some(40_200)), Some(None), "push had less of it");
    assert_eq!(
        of(40_900, None),
        Some(None),
        "there is no push to compare with"
    );
}

/// A message is 266 B in its frame. Five trials of 20 rooms and 10 s have 500 messages at λ = 0.5; three standard deviations are 67.
#[test]
fn the_chance_of_the_schedule_explains_a_rate_of_bytes() {
    let of = |published: u64, bytes: f64| {
        let mut all = trials(WebSocket, 40_000);
        for made in &mut all {
            made.published = published;
            // In a spread of 40 bytes around the mean.
            let mean = bytes * made.seconds * f64::from(made.clients);
            made.bytes.up = 0;
            made.bytes.down = mean as u64 + 20 * u64::from(made.repetition) - 40;
        }
        miss(&campaign(all), WebSocket, Metric::AppBytesPerS)
    };
    assert_eq!(of(100, 0.5 * 266.0), None);
    let explained = of(108, 0.54 * 266.0).unwrap().unwrap();
    assert!((explained.rate.unwrap() - 0.54).abs() < 1e-9);
    assert_eq!(explained.processing_us, None);
    assert_eq!(of(100, 0.54 * 266.0), Some(None), "the schedules had λ");
    assert_eq!(
        of(120, 0.60 * 266.0),
        Some(None),
        "no schedule is that far off by chance"
    );
}

#[test]
fn every_estimate_with_theory_and_an_interval_is_counted_once() {
    let mut all = trials(ShortPoll, 1_080_000);
    all.extend(trials(WebSocket, 41_000));
    let results = campaign(all);
    let tally = tally(&results);
    let known = results
        .estimates
        .iter()
        .filter(|one| checked(one).is_some());
    let total = tally.total();
    assert_eq!(total.checked, known.count());
    assert_eq!(total.missed(), tally.misses.len());
    let unexplained = tally.misses.iter().filter(|one| one.explanation.is_none());
    assert_eq!(total.unexplained, unexplained.count());
    assert!(total.unexplained > 0 && total.missed() <= total.checked);
    for miss in &tally.misses {
        let [low, high] = miss.ci95;
        assert!(miss.theory < low || miss.theory > high);
        if let Some(found) = miss.explanation {
            assert!((low..=high).contains(&found.theory));
        }
    }
}

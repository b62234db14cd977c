//! Whole campaigns, with planted evidence.

use std::collections::BTreeMap;

use protocol::Transport;

use super::*;
use crate::{
    estimate::{
        estimate,
        sample::{at, control, latencies, results_of, trial},
    },
    results::{InvalidKind, Invalidity, Reason, Results, Trial},
    samples::Samples,
    scenario::Experiment,
};

const SOCKET: Transport = Transport::WebSocket;

/// One trial for each mean, as repetitions from 0.
fn with_means(means: &[u64]) -> Vec<Trial> {
    let one = |(repetition, mean): (usize, &u64)| trial(SOCKET, repetition as u32, *mean);
    means.iter().enumerate().map(one).collect()
}

const CELL: [u64; 4] = [40_000, 41_000, 40_500, 40_200];
const EQUAL: [u64; 4] = [40_100, 40_900, 40_600, 40_300];

/// A cell and its control, which are equivalent.
fn fair() -> Vec<Trial> {
    let controls = with_means(&EQUAL).into_iter().map(control);
    with_means(&CELL).into_iter().chain(controls).collect()
}

/// A campaign of these trials, judged.
fn campaign(mut trials: Vec<Trial>) -> Results {
    judge(&mut trials);
    let mut results = results_of(trials);
    let outcome = estimate(&results.trials, &BTreeMap::new()).unwrap();
    results.comparisons = outcome.comparisons;
    decide(&mut results, None);
    results
}

fn has_reason(results: &Results, words: &str) -> bool {
    assert_eq!(results.valid, results.reasons.is_empty());
    results.reasons.iter().any(|reason| reason.contains(words))
}

fn gate<'a>(results: &'a Results, name: &str) -> &'a Gate {
    let mut gates = results.gates.iter();
    gates.find(|gate| gate.name.starts_with(name)).unwrap()
}

#[test]
fn an_undisturbed_campaign_is_valid() {
    let found = campaign(fair());
    assert_eq!(found.reasons, Vec::<String>::new());
    assert!(found.valid && found.remarks.is_empty());
    let control = gate(&found, "Control (A/A): example, WebSocket");
    assert_eq!(control.passed, Some(true));
    assert!(control.found.contains("noise floor ±"), "{control:?}");
}

#[test]
fn a_failed_gate_and_a_valid_campaign_never_stand_together() {
    type Spoil = fn(&mut Vec<Trial>);
    let cases: [(Spoil, &str); 6] = [
        (
            |t| t[2].lost = 1,
            "repetition 2: 1 lost, 0 duplicated, 0 reordered",
        ),
        (|t| t[0].duplicated = 1, "1 duplicated"),
        (
            |t| {
                let reason = Reason::new(InvalidKind::Bytes, "a client counted 3 bytes up");
                t[1].invalidity = Invalidity::of(vec![reason]);
            },
            "repetition 1: a client counted 3 bytes up",
        ),
        (
            |t| {
                for trial in t {
                    trial.other_load.generator_core = Some(0.4);
                }
            },
            "0 valid trials of 4",
        ),
        (
            |t| {
                for trial in t {
                    trial.link_error_us = Some(latencies(300));
                }
            },
            "and 0.59 ms at p99",
        ),
        (
            |t| {
                let test = crate::results::UniformTest {
                    distance: 0.2,
                    p_value: 0.02,
                };
                for trial in t {
                    trial.uniform = Some(test);
                }
            },
            "phases of short polls are not uniform",
        ),
    ];
    for (spoil, reason) in cases {
        let mut trials = fair();
        spoil(&mut trials);
        let found = campaign(trials);
        assert!(has_reason(&found, reason), "{reason}: {:?}", found.reasons);
        assert!(found.gates.iter().any(|gate| gate.passed == Some(false)));
    }
}

/// The worse the noise, the wider the interval: the gate of the first versions was passed by it.
#[test]
fn noise_cannot_open_the_control_gate() {
    let with_control = |means: &[u64]| {
        let controls = with_means(means).into_iter().map(control);
        campaign(with_means(&CELL).into_iter().chain(controls).collect())
    };
    let noisy = with_control(&[20_000, 90_000, 31_000, 55_000]);
    assert!(has_reason(&noisy, "not inside 0.95–1.05"));
    assert!(
        has_reason(&noisy, "repetitions would"),
        "{:?}",
        noisy.reasons
    );
    let biased = with_control(&[60_000, 61_500, 60_750, 60_300]);
    assert!(has_reason(&biased, "more repetitions will not help"));
    assert!(has_reason(
        &with_control(&[40_000, 40_000]),
        "fewer than 3 blocks"
    ));
    assert!(has_reason(&campaign(with_means(&CELL)), "no A/A cell"));
}

#[test]
fn invalid_trials_are_left_out_and_too_few_valid_ones_are_a_reason() {
    let mut trials = fair();
    trials[3].steal_share = Some(0.3);
    let found = campaign(trials.clone());
    assert!(found.valid, "{:?}", found.reasons);
    assert_eq!(gate(&found, "Steal time").passed, None);
    trials[0].steal_share = Some(0.3);
    let trials = trials.into_iter().map(|trial| at("rate=0.5", trial));
    let found = campaign(trials.collect());
    assert!(has_reason(
        &found,
        "example, WebSocket at rate=0.5: 2 valid trials of 4, 3 are needed: 30.0 % of the time was stolen"
    ));
}

#[test]
fn an_interruption_is_a_reason() {
    let mut results = results_of(fair());
    results.scenario.planned_trials = 9;
    decide(&mut results, Some("the server could not be started".into()));
    assert!(has_reason(&results, "interrupted: 8 of 9 trials"));
    assert!(has_reason(&results, "could not be started"));
}

/// The trial with one post that took 104 ms, and others of about 0.4 ms.
fn with_a_stall(trial: Trial) -> Trial {
    let mut answered = latencies(400).samples().unwrap();
    let mut slow = Samples::new();
    slow.record(104_000);
    answered.merge(&slow);
    Trial {
        post_response_us: Some(answered.to_record()),
        ..trial
    }
}

/// A server that is stopped for 104 ms in every trial of a cell and its control.
#[test]
fn a_stalled_server_is_a_remark_and_makes_nothing_invalid() {
    let stalled = |trial: Trial| Trial {
        delivery_us: latencies(40_000 + 9_000 * u64::from(trial.repetition)),
        ..with_a_stall(trial)
    };
    let found = campaign(fair().into_iter().map(stalled).collect());
    assert!(found.valid, "{:?}", found.reasons);
    assert!(found.trials.iter().all(|trial| trial.invalidity.is_none()));
    assert_eq!(found.remarks.len(), 2, "the cell and its control");
    assert!(found.remarks[0].contains("104 ms"));
    assert_eq!(gate(&found, "Control").passed, None);
    // Where enough blocks have no stall, the control is judged by them.
    let mut trials = fair();
    trials[0] = stalled(trials[0].clone());
    let found = campaign(trials);
    assert_eq!(gate(&found, "Control").passed, Some(true));
    assert!(gate(&found, "Control").found.contains("1 trials left out"));
}

/// A stall excuses the blocks that it has left out, and nothing else.
#[test]
fn a_stall_does_not_open_the_control_gate_to_noise() {
    let with_control = |means: &[u64]| -> Vec<Trial> {
        let controls = with_means(means).into_iter().map(control);
        with_means(&CELL).into_iter().chain(controls).collect()
    };
    let mut noisy = with_control(&[20_000, 90_000, 31_000, 55_000]);
    noisy[0] = with_a_stall(noisy[0].clone());
    assert!(has_reason(&campaign(noisy), "not inside 0.95–1.05"));
    let mut biased = with_control(&[60_000, 61_500, 60_750, 60_300]);
    biased[0] = with_a_stall(biased[0].clone());
    assert!(has_reason(
        &campaign(biased),
        "more repetitions will not help"
    ));
    // Two blocks are invalid by noise, and one has a stall: without it there would be two.
    let mut few = fair();
    few[0].steal_share = Some(0.5);
    few[5].steal_share = Some(0.5);
    few[2] = with_a_stall(few[2].clone());
    assert!(!campaign(few).valid);
}

/// Off Linux nothing counts segments, so a control has no IP bytes. The others decide.
#[test]
fn a_metric_that_the_platform_does_not_report_judges_nothing() {
    let unknown = |mut trial: Trial| {
        trial.bytes.ip_up = None;
        trial
    };
    let mut trials: Vec<_> = fair().into_iter().map(unknown).collect();
    judge(&mut trials);
    let mut results = results_of(trials);
    let experiment = Experiment {
        name: "example".into(),
        ..Experiment::default()
    };
    let experiments = BTreeMap::from([("example".to_owned(), experiment)]);
    results.comparisons = estimate(&results.trials, &experiments).unwrap().comparisons;
    decide(&mut results, None);
    assert_eq!(results.reasons, Vec::<String>::new());
    assert_eq!(gate(&results, "Control").passed, None);
}

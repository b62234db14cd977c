//! Whether a campaign is valid, and why not.

use std::collections::BTreeMap;

use super::given::{SOCKET, block, close, find, has, outcome, void};
use crate::{
    estimate::{
        estimate,
        example::{again, at},
    },
    metric::Metric,
    results::{InvalidKind, Invalidity, Reason},
};

#[test]
fn a_disagreement_about_bytes_is_an_error_of_the_run() {
    let mut trials = block(SOCKET, &[40_000, 40_000, 40_000, 40_000]);
    trials[1].void = Invalidity::of(vec![
        Reason::new(InvalidKind::Steal, "stolen time"),
        Reason::new(InvalidKind::Bytes, "a client counted 3 bytes up"),
    ]);
    let found = outcome(&trials);
    let told: Vec<_> = found
        .reasons
        .iter()
        .filter(|reason| reason.contains("counted 3"))
        .collect();
    assert_eq!(told.len(), 1, "{:?}", found.reasons);
    assert!(told[0].contains("repetition 1"));
}

#[test]
fn void_trials_do_not_count_and_too_few_are_told() {
    let mut trials = block(SOCKET, &[40_000, 40_000, 40_000, 90_000, 40_000]);
    trials[3].void = void("the generator was late");
    let found = outcome(&trials);
    close(find(&found, SOCKET, Metric::MEAN).value, 40_000.0);
    trials[4].void = void("stolen time");
    trials[0].void = void("stolen time");
    let trials: Vec<_> = trials
        .into_iter()
        .map(|trial| at("rate=0.5", trial))
        .collect();
    let found = outcome(&trials);
    let mean = find(&found, SOCKET, Metric::MEAN);
    assert_eq!((mean.value, mean.ci95), (None, None));
    let reason = "example, WebSocket at rate=0.5: 2 valid trials of 5, 3 are needed: \
                  stolen time; the generator was late";
    assert!(
        found.reasons.contains(&reason.into()),
        "{:?}",
        found.reasons
    );
}

#[test]
fn a_message_gone_astray_and_an_interruption_are_told() {
    let mut trials = block(SOCKET, &[40_000; 4]);
    trials[2].lost = 1;
    trials[2].void = void("1 message was lost");
    let experiments = BTreeMap::new();
    let found = estimate(&trials, &experiments, 9).unwrap();
    assert!(has(
        &found,
        "example, WebSocket, repetition 2: 1 lost, 0 duplicated, 0 reordered"
    ));
    assert!(has(&found, "interrupted: 4 of 9 trials"));
}

#[test]
fn the_gate_holds_one_or_says_why_not() {
    let once = block(SOCKET, &[40_000, 41_000, 40_500]);
    let gate = |means: &[u64]| {
        let twins = block(SOCKET, means).into_iter().map(again);
        outcome(&once.iter().cloned().chain(twins).collect::<Vec<_>>())
    };
    let fair = gate(&[40_100, 40_900, 40_600]);
    assert_eq!(fair.reasons, Vec::<String>::new());
    assert_eq!(fair.comparisons.len(), 1);
    let [low, high] = fair.comparisons[0].ci99_9.unwrap();
    assert!(low < 1.0 && 1.0 < high);
    close(find(&fair, SOCKET, Metric::MEAN).value, 40_500.0);
    assert!(has(&gate(&[60_000, 61_500, 60_750]), "does not hold 1"));
    assert!(has(&gate(&[40_000, 40_000]), "fewer than 3 blocks"));
    assert!(has(&outcome(&once), "no A/A cell"));
}

#[test]
fn damage_is_told_with_its_trial() {
    let mut trials = block(SOCKET, &[1_000; 3]);
    trials[1].delivery_us.hdr = "AAAA".into();
    let error = estimate(&trials, &BTreeMap::new(), 3).unwrap_err();
    assert!(
        error.contains("example, WebSocket, repetition 1"),
        "{error}"
    );
}

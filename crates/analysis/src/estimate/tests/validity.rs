//! Whether a campaign is valid, and if not, why.

use std::collections::BTreeMap;

use super::support::{SOCKET, close, find, has_reason, invalid, outcome, trials_with_means};
use crate::{
    estimate::{
        estimate,
        sample::{at, control},
    },
    metric::Metric,
    results::{InvalidKind, Invalidity, Reason},
};

#[test]
fn a_disagreement_about_bytes_is_an_error_of_the_run() {
    let mut trials = trials_with_means(SOCKET, &[40_000, 40_000, 40_000, 40_000]);
    trials[1].invalidity = Invalidity::of(vec![
        Reason::new(InvalidKind::Steal, "stolen time"),
        Reason::new(InvalidKind::Bytes, "a client counted 3 bytes up"),
    ]);
    let found = outcome(&trials);
    let reasons: Vec<_> = found
        .reasons
        .iter()
        .filter(|reason| reason.contains("counted 3"))
        .collect();
    assert_eq!(reasons.len(), 1, "{:?}", found.reasons);
    assert!(reasons[0].contains("repetition 1"));
}

#[test]
fn invalid_trials_do_not_count_and_too_few_valid_ones_are_a_reason() {
    let mut trials = trials_with_means(SOCKET, &[40_000, 40_000, 40_000, 90_000, 40_000]);
    trials[3].invalidity = invalid("the generator was late");
    let found = outcome(&trials);
    close(find(&found, SOCKET, Metric::MEAN).value, 40_000.0);
    trials[4].invalidity = invalid("stolen time");
    trials[0].invalidity = invalid("stolen time");
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
fn a_lost_message_and_an_interruption_are_reasons() {
    let mut trials = trials_with_means(SOCKET, &[40_000; 4]);
    trials[2].lost = 1;
    trials[2].invalidity = invalid("1 message was lost");
    let experiments = BTreeMap::new();
    let found = estimate(&trials, &experiments, 9).unwrap();
    assert!(has_reason(
        &found,
        "example, WebSocket, repetition 2: 1 lost, 0 duplicated, 0 reordered"
    ));
    assert!(has_reason(&found, "interrupted: 4 of 9 trials"));
}

#[test]
fn the_control_gate_fails_where_the_interval_excludes_1() {
    let cells = trials_with_means(SOCKET, &[40_000, 41_000, 40_500]);
    let gate = |means: &[u64]| {
        let controls = trials_with_means(SOCKET, means).into_iter().map(control);
        outcome(&cells.iter().cloned().chain(controls).collect::<Vec<_>>())
    };
    let fair = gate(&[40_100, 40_900, 40_600]);
    assert_eq!(fair.reasons, Vec::<String>::new());
    assert_eq!(fair.comparisons.len(), 1);
    let [low, high] = fair.comparisons[0].ci99_9.unwrap();
    assert!(low < 1.0 && 1.0 < high);
    close(find(&fair, SOCKET, Metric::MEAN).value, 40_500.0);
    assert!(has_reason(
        &gate(&[60_000, 61_500, 60_750]),
        "does not include 1"
    ));
    assert!(has_reason(&gate(&[40_000, 40_000]), "fewer than 3 blocks"));
    assert!(has_reason(&outcome(&cells), "no A/A cell"));
}

#[test]
fn a_damaged_histogram_is_reported_with_its_trial() {
    let mut trials = trials_with_means(SOCKET, &[1_000; 3]);
    trials[1].delivery_us.hdr = "AAAA".into();
    let error = estimate(&trials, &BTreeMap::new(), 3).unwrap_err();
    assert!(
        error.contains("example, WebSocket, repetition 1"),
        "{error}"
    );
}

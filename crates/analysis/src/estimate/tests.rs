use protocol::Transport;
use serde_json::json;

use super::{
    example::{again, at, hist, nothing, trial},
    *,
};
use crate::{
    metric::{Kind, Metric, Statistic},
    results::{CapacityRecord, Limit, OutageRecord, Reason, Void, VoidKind},
    scenario::Sweep,
};

fn void(told: &str) -> Option<Void> {
    Void::of(vec![Reason::new(VoidKind::Fault, told)])
}

const SHORT: Transport = Transport::ShortPoll;
const SOCKET: Transport = Transport::WebSocket;

/// One repetition after the other, with a mean of its own each.
fn block(transport: Transport, means: &[u64]) -> Vec<Trial> {
    let one = |(repetition, mean): (usize, &u64)| trial(transport, repetition as u32, *mean);
    means.iter().enumerate().map(one).collect()
}

fn example() -> Experiment {
    let mut experiment = Experiment {
        name: "example".into(),
        ..Experiment::default()
    };
    experiment.load.rooms = 5;
    experiment.load.rate = 0.5;
    experiment.network.one_way_ms = 40.0;
    experiment
}

fn outcome_of(trials: &[Trial], experiment: Experiment) -> Outcome {
    let experiments = BTreeMap::from([(experiment.name.clone(), experiment)]);
    estimate(trials, &experiments, trials.len() as u32).unwrap()
}

fn outcome(trials: &[Trial]) -> Outcome {
    outcome_of(trials, example())
}

/// The first estimate of a metric.
fn find(outcome: &Outcome, transport: Transport, metric: Metric) -> &Estimate {
    let mut all = outcome.estimates.iter();
    all.find(|estimate| estimate.transport == transport && estimate.metric == metric)
        .unwrap_or_else(|| panic!("no {metric}"))
}

fn close(found: Option<f64>, expected: f64) {
    let found = found.expect("a value");
    assert!(
        (found - expected).abs() < 1e-6 * expected.abs(),
        "{found}, not {expected}"
    );
}

fn has(outcome: &Outcome, words: &str) -> bool {
    outcome.reasons.iter().any(|reason| reason.contains(words))
}

#[test]
fn values_are_per_client_and_per_delivery() {
    let found = outcome(&block(SHORT, &[1_000, 1_100, 1_200]));
    let value = |metric| find(&found, SHORT, metric).value;
    close(value(Metric::MEAN), 1_100.0);
    close(
        value(Metric::Latency(Kind::EndToEnd, Statistic::Mean)),
        1_200.0,
    );
    close(value(Metric::RequestsPerS), 0.5);
    close(value(Metric::EmptyShare), 0.4);
    close(value(Metric::AppBytesPerMessage), 260.0);
    close(value(Metric::IpBytesPerMessage), 300.0);
    close(value(Metric::AppBytesPerS), 520.0);
    close(value(Metric::IpBytesPerS), 600.0);
    close(value(Metric::SegmentsPerS), 1.6);
    close(value(Metric::CpuPerDelivery), 20.0);
    close(value(Metric::PssPerClient), 200_000.0);
    let largest = find(&found, SHORT, Metric::MAX);
    assert!((2_388.0..2_390.0).contains(&largest.value.unwrap()));
    assert_eq!(largest.ci95, None);
    let [low, high] = find(&found, SHORT, Metric::P50).ci95.unwrap();
    let median = value(Metric::P50).unwrap();
    assert!(low < median && median < high);
}

#[test]
fn quantiles_want_their_samples_and_lapses_their_metric() {
    let found = outcome(&block(SHORT, &[1_000, 1_100, 1_200]));
    let p95 = find(&found, SHORT, Metric::P95);
    assert_eq!(
        (p95.value, p95.ci95),
        (None, None),
        "300 samples are no 2,000"
    );
    let names: Vec<_> = found
        .estimates
        .iter()
        .map(|estimate| estimate.metric)
        .collect();
    assert!(!names.contains(&Metric::Capacity) && !names.contains(&Metric::CatchUpPerClient));
}

#[test]
fn theory_is_of_the_setting_and_the_measured_delay() {
    let found = outcome(&[block(SHORT, &[1_000; 3]), block(SOCKET, &[40_000; 3])].concat());
    let theory = |transport, metric| find(&found, transport, metric).theory;
    close(theory(SHORT, Metric::MEAN), 1_080_000.0);
    close(theory(SHORT, Metric::MAX), 2_120_000.0);
    close(theory(SHORT, Metric::RequestsPerS), 1.0 / 2.08);
    close(theory(SHORT, Metric::SegmentsPerS), 4.0 / 2.08);
    close(theory(SHORT, Metric::EmptyShare), (-1.04f64).exp());
    close(theory(SOCKET, Metric::P99), 40_000.0);
    close(
        theory(SOCKET, Metric::AppBytesPerMessage),
        266.0 + 16.0 / 15.0,
    );
    assert_eq!(theory(SOCKET, Metric::RequestsPerS), Some(0.0));
    assert_eq!(theory(SOCKET, Metric::EmptyShare), None);
    assert_eq!(
        theory(SHORT, Metric::Latency(Kind::EndToEnd, Statistic::Mean)),
        None
    );
    assert_eq!(theory(SHORT, Metric::CpuPerDelivery), None);
}

#[test]
fn theory_is_silent_where_no_model_applies() {
    type Change = fn(&mut Experiment);
    let changes: [Change; 4] = [
        |experiment| experiment.network.jitter_ms = 5.0,
        |experiment| experiment.network.rate_kbps = Some(100.0),
        |experiment| experiment.load.rate = 300.0,
        |experiment| {
            let outage = json!({ "at": 2.0, "seconds": 1.0 });
            experiment.outage = serde_json::from_value(outage).unwrap();
        },
    ];
    for change in changes {
        let mut experiment = example();
        change(&mut experiment);
        let found = outcome_of(&block(SHORT, &[1_000; 3]), experiment);
        assert!(
            found
                .estimates
                .iter()
                .all(|estimate| estimate.theory.is_none())
        );
    }
    let mut unmeasured = block(SHORT, &[1_000; 3]);
    unmeasured
        .iter_mut()
        .for_each(|trial| trial.one_way_us = None);
    assert!(
        outcome(&unmeasured)
            .estimates
            .iter()
            .all(|estimate| estimate.theory.is_none())
    );
}

#[test]
fn a_connection_that_either_side_drops_is_opened_for_each_poll() {
    let opened: [fn(&mut Experiment); 2] = [
        |experiment| experiment.transport.keep_alive = false,
        |experiment| experiment.server.keep_alive = "1s".into(),
    ];
    for change in opened {
        let mut experiment = example();
        change(&mut experiment);
        let found = outcome_of(&block(SHORT, &[1_000; 3]), experiment);
        close(find(&found, SHORT, Metric::MAX).theory, 2_200_000.0);
        assert_eq!(find(&found, SHORT, Metric::IpBytesPerS).theory, None);
    }
}

#[test]
fn a_disagreement_about_bytes_is_an_error_of_the_run() {
    let mut trials = block(SOCKET, &[40_000, 40_000, 40_000, 40_000]);
    trials[1].void = Void::of(vec![
        Reason::new(VoidKind::Steal, "stolen time"),
        Reason::new(VoidKind::Bytes, "a client counted 3 bytes up"),
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
fn ratios_are_of_the_blocks_in_which_both_are_valid() {
    let mut sockets = block(SOCKET, &[10_000, 20_000, 30_000, 1]);
    sockets[3].void = void("late");
    let found = outcome(&[sockets, block(SHORT, &[40_000, 80_000, 120_000, 7])].concat());
    let ratio = &found.comparisons[0];
    assert_eq!(
        (ratio.a.as_str(), ratio.b.as_str()),
        ("Short polling", "WebSocket")
    );
    assert_eq!(ratio.metric, Metric::MEAN);
    close(ratio.ratio, 4.0);
    close(found.comparisons[1].ratio, 1.0);
    assert_eq!(found.comparisons.len(), 3);
    assert!(
        found
            .comparisons
            .iter()
            .all(|comparison| comparison.ci99_9.is_none())
    );
}

#[test]
fn a_level_is_compared_with_the_cell_that_it_does_not_concern() {
    let mut experiment = example();
    experiment.sweep.push(Sweep {
        parameter: "interval_ms".into(),
        values: vec![json!(900), json!(80)],
    });
    let polls = |level| {
        block(SHORT, &[2_000; 3])
            .into_iter()
            .map(move |trial| at(level, trial))
    };
    let slow_and_fast = polls("interval_ms=80").chain(polls("interval_ms=900"));
    let trials: Vec<_> = slow_and_fast.chain(block(SOCKET, &[1_000; 3])).collect();
    let found = outcome_of(&trials, experiment);
    let levels: Vec<_> = found
        .comparisons
        .iter()
        .filter_map(|found| Some(found.level.as_ref()?.to_string()))
        .collect();
    let swept = ["interval_ms=900", "interval_ms=80"].map(|level| [level; 3]);
    assert_eq!(levels, swept.concat());
    close(find(&found, SHORT, Metric::MAX).theory, 1_020_000.0);
}

#[test]
fn silence_has_bytes_but_no_latency() {
    let mut trials = [block(SHORT, &[1; 3]), block(SOCKET, &[1; 3])].concat();
    for trial in &mut trials {
        (trial.published, trial.expected, trial.received) = (0, 0, 0);
        (trial.delivery_us, trial.end_to_end_us) = (nothing(), nothing());
    }
    trials[5].clients = 0;
    let mut experiment = example();
    experiment.load.rate = 0.0;
    let found = outcome_of(&trials, experiment);
    let names: Vec<_> = found
        .estimates
        .iter()
        .map(|estimate| estimate.metric.name())
        .collect();
    assert!(
        !names
            .iter()
            .any(|name| name.contains("delivery") || name.contains("message"))
    );
    let metrics: Vec<_> = found.comparisons.iter().map(|found| found.metric).collect();
    assert_eq!(metrics, [Metric::IpBytesPerS]);
    assert_eq!(
        found.comparisons[0].ratio, None,
        "two blocks of three know both"
    );
    close(
        find(&found, SHORT, Metric::IpBytesPerS).theory,
        (270.0 + 4.0 * 52.0) / 2.08,
    );
}

#[test]
fn capacity_and_outages_have_metrics_of_their_own() {
    let mut trials = block(SOCKET, &[1_000; 3]);
    for trial in &mut trials {
        trial.capacity = Some(CapacityRecord {
            deliveries_per_s: 5_000.0,
            limit: Limit::Latency,
            steps: Vec::new(),
        });
        trial.outage = Some(OutageRecord {
            seconds: 1.0,
            noticed: 0,
            notice_us: hist(1),
            recover_us: hist(300),
            catch_up_bytes: 10_000,
        });
    }
    let found = outcome(&trials);
    close(find(&found, SOCKET, Metric::Capacity).value, 5_000.0);
    close(
        find(&found, SOCKET, Metric::CatchUpPerClient).value,
        2_000.0,
    );
    assert!(find(&found, SOCKET, Metric::RecoverP50).value.is_some());
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

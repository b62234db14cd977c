//! Values of the metrics, and which metrics apply.

use std::collections::BTreeMap;

use super::support::{
    SHORT, SOCKET, close, example, find, invalid, outcome, outcome_of, trials_with_means,
};
use crate::{
    estimate::{
        estimate,
        sample::{latencies, no_samples},
    },
    metric::{LatencyKind, Metric, Statistic},
    results::{CapacityRecord, Limit, OutageRecord, Trial},
};

#[test]
fn values_are_per_client_and_per_delivery() {
    let found = outcome(&trials_with_means(SHORT, &[1_000, 1_100, 1_200]));
    let value = |metric| find(&found, SHORT, metric).value;
    close(value(Metric::MEAN), 1_100.0);
    close(
        value(Metric::Latency(LatencyKind::EndToEnd, Statistic::Mean)),
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
fn quantiles_need_enough_samples_and_metrics_their_trials() {
    let found = outcome(&trials_with_means(SHORT, &[1_000, 1_100, 1_200]));
    let p95 = find(&found, SHORT, Metric::P95);
    assert_eq!(
        (p95.value, p95.ci95),
        (None, None),
        "300 samples are fewer than 2,000"
    );
    let names: Vec<_> = found
        .estimates
        .iter()
        .map(|estimate| estimate.metric)
        .collect();
    assert!(!names.contains(&Metric::Capacity) && !names.contains(&Metric::CatchUpPerClient));
}

#[test]
fn an_idle_room_has_bytes_but_no_latency() {
    let mut trials = [
        trials_with_means(SHORT, &[1; 3]),
        trials_with_means(SOCKET, &[1; 3]),
    ]
    .concat();
    for trial in &mut trials {
        (trial.published, trial.expected, trial.received) = (0, 0, 0);
        (trial.delivery_us, trial.end_to_end_us) = (no_samples(), no_samples());
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
        "only two of the three blocks have both values"
    );
    close(
        find(&found, SHORT, Metric::IpBytesPerS).theory,
        (270.0 + 4.0 * 52.0) / 2.08,
    );
}

#[test]
fn capacity_and_outages_have_metrics_of_their_own() {
    let mut trials = trials_with_means(SOCKET, &[1_000; 3]);
    for trial in &mut trials {
        trial.capacity = Some(CapacityRecord {
            deliveries_per_s: 5_000.0,
            limit: Limit::Latency,
            predicted_by_cpu: None,
            steps: Vec::new(),
        });
        trial.outage = Some(OutageRecord {
            seconds: 1.0,
            noticed: 0,
            notice_us: latencies(1),
            recover_us: latencies(300),
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
fn a_damaged_histogram_is_reported_with_its_trial() {
    let mut trials = trials_with_means(SOCKET, &[1_000; 3]);
    trials[1].delivery_us.hdr = "AAAA".into();
    let error = estimate(&trials, &BTreeMap::new()).unwrap_err();
    assert!(
        error.contains("example, WebSocket, repetition 1"),
        "{error}"
    );
}

#[test]
fn one_lower_bound_makes_the_capacity_of_its_cell_a_lower_bound() {
    let mut trials = trials_with_means(SOCKET, &[1_000; 4]);
    let limits = [
        Limit::Latency,
        Limit::Latency,
        Limit::Generator,
        Limit::Schedule,
    ];
    let loads = [5_000.0, 7_000.0, 4_000.0, 6_000.0];
    for (trial, (limit, load)) in trials.iter_mut().zip(limits.into_iter().zip(loads)) {
        trial.capacity = Some(CapacityRecord {
            deliveries_per_s: load,
            limit,
            predicted_by_cpu: Some(9_000.0),
            steps: Vec::new(),
        });
    }
    let found = outcome(&trials);
    let capacity = find(&found, SOCKET, Metric::Capacity);
    assert_eq!((capacity.value, capacity.ci95), (Some(4_000.0), None));
    assert!(capacity.censored);
    let written = serde_json::to_value(capacity).unwrap();
    assert_eq!(written["censored"], true);
    // A bound that belongs to an invalid trial says nothing.
    for trial in &mut trials[2..] {
        trial.invalidity = invalid("for a test");
    }
    trials.push(Trial {
        repetition: 4,
        invalidity: None,
        capacity: trials[0].capacity.clone(),
        ..trials[0].clone()
    });
    let found = outcome(&trials);
    let capacity = find(&found, SOCKET, Metric::Capacity);
    close(capacity.value, 17_000.0 / 3.0);
    assert!(!capacity.censored && capacity.ci95.is_some());
    let written = serde_json::to_value(capacity).unwrap();
    assert_eq!(written.get("censored"), None);
}

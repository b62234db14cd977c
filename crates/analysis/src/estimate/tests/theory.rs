//! Theory beside the measured values.

use protocol::Transport;
use serde_json::json;

use super::support::{SHORT, SOCKET, close, example, find, outcome, outcome_of, trials_with_means};
use crate::{
    cost::SendCosts,
    estimate::{CellTheory, MeasuredInputs},
    metric::{LatencyKind, Metric, Statistic},
    results::{Cost, CostFit},
    scenario::Experiment,
};

#[test]
fn theory_uses_the_settings_and_the_measured_delay() {
    let found = outcome(
        &[
            trials_with_means(SHORT, &[1_000; 3]),
            trials_with_means(SOCKET, &[40_000; 3]),
        ]
        .concat(),
    );
    let theory = |transport, metric| find(&found, transport, metric).theory;
    close(theory(SHORT, Metric::MEAN), 1_080_000.0);
    close(theory(SHORT, Metric::MAX), 2_120_000.0);
    close(theory(SHORT, Metric::RequestsPerS), 1.0 / 2.08);
    close(theory(SHORT, Metric::SegmentsPerS), 4.0 / 2.08);
    close(theory(SHORT, Metric::EmptyShare), (-1.04f64).exp());
    close(theory(SOCKET, Metric::P99), 40_000.0);
    // A span of 10 s ends before the first heartbeat.
    close(theory(SOCKET, Metric::AppBytesPerMessage), 266.0);
    assert_eq!(theory(SOCKET, Metric::RequestsPerS), Some(0.0));
    assert_eq!(theory(SOCKET, Metric::EmptyShare), None);
    assert_eq!(
        theory(
            SHORT,
            Metric::Latency(LatencyKind::EndToEnd, Statistic::Mean)
        ),
        None
    );
    assert_eq!(theory(SHORT, Metric::CpuPerDelivery), None);
}

/// The connection is open for 0.55 s before the span: heartbeats come at 14.45 s and 29.45 s of it.
#[test]
fn bytes_of_push_count_the_heartbeats_that_fall_into_the_span() {
    let bytes = |seconds| {
        let mut experiment = example();
        experiment.load.seconds = seconds;
        let found = outcome_of(&trials_with_means(SOCKET, &[40_000; 3]), experiment);
        find(&found, SOCKET, Metric::AppBytesPerS).theory
    };
    close(bytes(14.0), 133.0);
    close(bytes(20.0), 133.0 + 8.0 / 20.0);
    close(bytes(30.0), 133.0 + 16.0 / 30.0);
}

/// Eight messages a room in the span follow those of the warm-up of 2.08 s at λ = 2.5, which are 5.2.
/// The last has the number 13.2, so that 4.2 are above 9.
#[test]
fn digits_count_the_messages_of_the_warm_up() {
    let mut experiment = example();
    experiment.load.rate = 2.5;
    let mut trials = trials_with_means(SHORT, &[1_000; 3]);
    for trial in &mut trials {
        trial.published = 40;
    }
    let of: Vec<_> = trials.iter().collect();
    let measured = MeasuredInputs::of(&experiment, SHORT, &of).unwrap();
    close(Some(measured.digits), (4.2 * 2.0 + 3.8) / 8.0);
}

/// c = 12 µs and b = 30 µs: (10 + 1)·42/2 µs, and the queueing of ρ = 0.5·10·42e-6.
#[test]
fn fan_out_has_theory_where_a_send_was_calibrated() {
    let cost = |value| Cost {
        value,
        ci95: [value; 2],
    };
    let fit = CostFit {
        experiment: "cost".into(),
        transport: Transport::LongPoll,
        post_us: cost(250.0),
        request_us: Some(cost(30.0)),
        delivery_us: cost(12.0),
        r_squared: 1.0,
        cells: Vec::new(),
    };
    let mut experiment = example();
    experiment.load.clients = 10;
    let trials = trials_with_means(Transport::LongPoll, &[40_000; 3]);
    let of: Vec<_> = trials.iter().collect();
    let mean = |fits: &[CostFit], clients| {
        let mut experiment = experiment.clone();
        experiment.load.clients = clients;
        let measured = MeasuredInputs::of(&experiment, Transport::LongPoll, &of).unwrap();
        let sends = SendCosts::of(fits);
        let theory = CellTheory::at(&experiment, Transport::LongPoll, measured, &sends).unwrap();
        theory.value(Metric::MEAN)
    };
    assert_eq!(mean(&[], 10), None);
    let alone = mean(&[], 1).unwrap();
    let load = 0.5 * 420e-6;
    let wait = 11.0 * 42.0 / 2.0 + load * 420.0 / (2.0 * (1.0 - load));
    close(mean(&[fit], 10), alone + wait);
}

#[test]
fn there_is_no_theory_where_no_model_applies() {
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
        let found = outcome_of(&trials_with_means(SHORT, &[1_000; 3]), experiment);
        assert!(
            found
                .estimates
                .iter()
                .all(|estimate| estimate.theory.is_none())
        );
    }
    let mut unmeasured = trials_with_means(SHORT, &[1_000; 3]);
    for trial in &mut unmeasured {
        trial.one_way_us = None;
    }
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
        let found = outcome_of(&trials_with_means(SHORT, &[1_000; 3]), experiment);
        close(find(&found, SHORT, Metric::MAX).theory, 2_200_000.0);
        assert_eq!(find(&found, SHORT, Metric::IpBytesPerS).theory, None);
    }
}

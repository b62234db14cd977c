//! Theory beside the measured values.

use serde_json::json;

use super::support::{SHORT, SOCKET, close, example, find, outcome, outcome_of, trials_with_means};
use crate::{
    metric::{LatencyKind, Metric, Statistic},
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
    close(
        theory(SOCKET, Metric::AppBytesPerMessage),
        266.0 + 16.0 / 15.0,
    );
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

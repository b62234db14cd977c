//! Comparisons of transports.

use serde_json::json;

use super::support::{
    SHORT, SOCKET, close, example, find, invalid, outcome, outcome_of, trials_with_means,
};
use crate::{
    estimate::sample::{at, control},
    metric::Metric,
    scenario::{Control, Sweep},
};

#[test]
fn ratios_use_the_blocks_in_which_both_are_valid() {
    let mut sockets = trials_with_means(SOCKET, &[10_000, 20_000, 30_000, 1]);
    sockets[3].invalidity = invalid("late");
    let found = outcome(
        &[
            sockets,
            trials_with_means(SHORT, &[40_000, 80_000, 120_000, 7]),
        ]
        .concat(),
    );
    let ratio = &found.comparisons[0];
    assert_eq!(
        (ratio.a.as_str(), ratio.b.as_str()),
        ("Short polling", "WebSocket")
    );
    assert_eq!(ratio.metric, Metric::MEAN);
    close(ratio.ratio, 4.0);
    close(found.comparisons[1].ratio, 1.0);
    assert_eq!(found.comparisons.len(), 3);
}

#[test]
fn a_level_is_compared_with_the_cell_that_its_parameter_does_not_affect() {
    let mut experiment = example();
    experiment.sweep.push(Sweep {
        parameter: "interval_ms".into(),
        values: vec![json!(900), json!(80)],
    });
    let polls = |level| {
        trials_with_means(SHORT, &[2_000; 3])
            .into_iter()
            .map(move |trial| at(level, trial))
    };
    let slow_and_fast = polls("interval_ms=80").chain(polls("interval_ms=900"));
    let trials: Vec<_> = slow_and_fast
        .chain(trials_with_means(SOCKET, &[1_000; 3]))
        .collect();
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
fn a_cell_is_compared_with_its_control_in_the_metrics_of_the_experiment() {
    let mut experiment = example();
    experiment.control = vec![Control {
        transport: SHORT,
        metrics: vec![Metric::RequestsPerS, Metric::CpuPerDelivery],
    }];
    let cells = [
        trials_with_means(SHORT, &[40_000; 3]),
        trials_with_means(SOCKET, &[1_000; 3]),
    ];
    let controls = cells.concat().into_iter().map(control);
    let trials: Vec<_> = cells.concat().into_iter().chain(controls).collect();
    let found = outcome_of(&trials, experiment);
    let of_controls = found.comparisons.iter().filter(|one| one.is_control);
    let pairs: Vec<_> = of_controls
        .map(|one| (one.a.as_str(), one.b.as_str(), one.metric))
        .collect();
    assert_eq!(
        pairs,
        [
            (
                "Short polling",
                "Short polling (again)",
                Metric::RequestsPerS
            ),
            (
                "Short polling",
                "Short polling (again)",
                Metric::CpuPerDelivery
            ),
            // Without metrics of its own: the usual ones, and no requests, since it sends none.
            ("WebSocket", "WebSocket (again)", Metric::MEAN),
            ("WebSocket", "WebSocket (again)", Metric::IpBytesPerMessage),
        ]
    );
    close(found.comparisons.last().unwrap().ratio, 1.0);
}

//! Comparisons of transports.

use serde_json::json;

use super::support::{
    SHORT, SOCKET, close, example, find, invalid, outcome, outcome_of, trials_with_means,
};
use crate::{estimate::sample::at, metric::Metric, scenario::Sweep};

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
    assert!(
        found
            .comparisons
            .iter()
            .all(|comparison| comparison.ci99_9.is_none())
    );
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

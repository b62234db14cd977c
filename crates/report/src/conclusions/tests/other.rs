//! The sentences about experiments of one's own, and about nothing.

use serde_json::json;

use super::told::{run, told};
use crate::{conclusions::other, data::Data, sample, subject::Subject, subjects::about};

#[test]
fn an_experiment_of_ones_own_is_compared_level_by_level() {
    let run = run("mine", &[("jitter_ms", json!([0, 10]))]);
    assert_eq!(
        told(&run, "mine", other::generic, "Short polling has"),
        [true, false]
    );
    assert_eq!(
        told(
            &run,
            "mine",
            other::generic,
            "Between short polling and WebSocket no difference"
        ),
        [false, true]
    );
}

#[test]
fn without_data_nothing_is_told() {
    let mut run = sample::everything();
    run.trials.clear();
    run.estimates.clear();
    let data = Data::new(&run);
    for name in run.scenario.experiments.keys() {
        assert!(
            (about(Subject::of(name)).conclusions)(&data, name).is_empty(),
            "{name}"
        );
    }
}

//! The sentences about experiments that are not built in, and about empty results.

use serde_json::json;

use super::support::{has_sentence, run};
use crate::{conclusions::other, data::Data, sample, subject::Subject, subjects::content};

#[test]
fn an_own_experiment_is_compared_level_by_level() {
    let run = run("mine", &[("jitter_ms", json!([0, 10]))]);
    assert_eq!(
        has_sentence(&run, "mine", other::generic, "Short polling has"),
        [true, false]
    );
    assert_eq!(
        has_sentence(
            &run,
            "mine",
            other::generic,
            "Between short polling and WebSocket no difference"
        ),
        [false, true]
    );
}

#[test]
fn without_data_there_is_no_conclusion() {
    let mut run = sample::everything();
    run.trials.clear();
    run.estimates.clear();
    run.costs.clear();
    let data = Data::new(&run);
    for name in run.scenario.experiments.keys() {
        assert!(
            (content(Subject::of(name)).conclusions)(&data, name).is_empty(),
            "{name}"
        );
    }
}

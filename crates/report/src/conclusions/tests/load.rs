//! The sentences about load.

use analysis::results::Limit;
use serde_json::json;

use super::support::{Sentences, has_sentence, run};
use crate::{
    conclusions::load,
    sample::{self, experiment},
};

#[test]
fn capacities_are_compared_only_where_the_server_was_the_limit() {
    let mut capacity = experiment("capacity", &[]);
    capacity.search =
        serde_json::from_value(json!({"p99_ms": 100.0, "step_seconds": 5.0, "factor": 1.5})).ok();
    let mut run = sample::results(&[capacity]);
    let all = load::capacity as Sentences;
    assert!(!has_sentence(&run, "capacity", all, "capacity in deliveries")[0]);
    assert!(has_sentence(&run, "capacity", all, "WebSocket: the server held at least")[0]);
    for trial in &mut run.trials {
        trial.capacity.as_mut().unwrap().limit = Limit::Latency;
    }
    run.estimates = sample::estimates(&run);
    assert!(has_sentence(&run, "capacity", all, "Short polling has 0.")[0]);
    assert!(!has_sentence(&run, "capacity", all, "at least")[0]);
}

#[test]
fn load_is_compared_where_it_differs() {
    let fanout = run("fanout", &[("clients", json!([1, 5000]))]);
    assert_eq!(
        has_sentence(
            &fanout,
            "fanout",
            load::fanout,
            "WebSocket: the p99 delivery latency changes"
        ),
        [true, true]
    );
    assert_eq!(
        has_sentence(&fanout, "fanout", load::fanout, "Short polling has"),
        [true, false]
    );
    let idle = run("idle", &[("clients", json!([0, 1000]))]);
    assert_eq!(
        has_sentence(&idle, "idle", load::idle, "Short polling has"),
        [true, false]
    );
}

//! The sentences about load.

use analysis::results::Limit;
use serde_json::json;

use super::told::{Sentences, run, told};
use crate::{
    conclusions::load,
    sample::{self, experiment},
};

#[test]
fn capacity_is_compared_only_where_the_server_was_the_limit() {
    let mut capacity = experiment("capacity", &[]);
    capacity.search =
        serde_json::from_value(json!({"p99_ms": 100.0, "step_seconds": 5.0, "factor": 1.5})).ok();
    let mut run = sample::results(&[capacity]);
    let all = load::capacity as Sentences;
    assert!(!told(&run, "capacity", all, "capacity in deliveries")[0]);
    assert!(told(&run, "capacity", all, "WebSocket (at least")[0]);
    for trial in &mut run.trials {
        trial.capacity.as_mut().unwrap().limit = Limit::Latency;
    }
    assert!(told(&run, "capacity", all, "Short polling has 0.2")[0]);
    assert!(!told(&run, "capacity", all, "at least")[0]);
}

#[test]
fn load_is_told_where_it_differs() {
    let fanout = run("fanout", &[("clients", json!([1, 5000]))]);
    assert_eq!(
        told(&fanout, "fanout", load::fanout, "WebSocket: p99 goes"),
        [true, true]
    );
    assert_eq!(
        told(&fanout, "fanout", load::fanout, "Short polling has"),
        [true, false]
    );
    let idle = run("idle", &[("clients", json!([0, 1000]))]);
    assert_eq!(
        told(&idle, "idle", load::idle, "Short polling has"),
        [true, false]
    );
}

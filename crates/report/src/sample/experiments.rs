//! Experiments for synthetic results.

use analysis::scenario::{Experiment, Sweep};
use serde_json::json;

pub const REPETITIONS: u32 = 5;

/// An experiment with this name and these sweeps.
pub fn experiment(name: &str, sweeps: &[(&str, serde_json::Value)]) -> Experiment {
    let mut experiment = Experiment {
        name: name.into(),
        title: format!("{}{}", name[..1].to_uppercase(), &name[1..]),
        question: format!("What does {name} change?"),
        expect: "Short polling waits for half of its interval on average; push takes d.".into(),
        ..Experiment::default()
    };
    experiment.runs.repetitions = REPETITIONS;
    experiment.load.rate = 0.5;
    experiment.load.seconds = 20.0;
    experiment.network.one_way_ms = 40.0;
    experiment.sweep = sweeps
        .iter()
        .map(|(parameter, values)| Sweep {
            parameter: (*parameter).into(),
            values: values.as_array().unwrap().clone(),
        })
        .collect();
    experiment
}

/// All built-in experiments, and one that is not built in.
pub fn all() -> Vec<Experiment> {
    let mut capacity = experiment("capacity", &[]);
    capacity.search =
        serde_json::from_value(json!({"p99_ms": 100.0, "step_seconds": 5.0, "factor": 1.5}))
            .unwrap();
    let mut outage = experiment("outage", &[("outage.seconds", json!([1.0, 3.0, 5.0]))]);
    outage.outage = serde_json::from_value(json!({"at": 5.0, "seconds": 1.0})).unwrap();
    vec![
        experiment("latency", &[("one_way_ms", json!([0, 40]))]),
        experiment(
            "interval",
            &[("interval_ms", json!([250, 500, 1000, 2000, 4000, 8000]))],
        ),
        experiment("rtt", &[("one_way_ms", json!([1, 5, 20, 50, 100]))]),
        experiment("rate", &[("rate", json!([0.05, 0.2, 1, 5, 20, 50]))]),
        experiment(
            "size",
            &[
                ("body_bytes", json!([32, 500, 1000, 4000])),
                ("headers", json!(["minimal", "browser"])),
            ],
        ),
        experiment(
            "equal-latency",
            &[("target_ms", json!([100, 200, 500, 1000]))],
        ),
        capacity,
        experiment(
            "connections",
            &[("transport.keep_alive", json!([true, false]))],
        ),
        experiment(
            "connections-limit",
            &[("interval_ms", json!([1000, 4000, 6000, 8000]))],
        ),
        experiment(
            "cost",
            &[
                ("clients", json!([0, 5, 20])),
                ("one_way_ms", json!([2, 20])),
            ],
        ),
        experiment("fanout", &[("clients", json!([1, 10, 100, 1000, 5000]))]),
        experiment("idle", &[("clients", json!([0, 10, 1000, 10000]))]),
        outage,
        experiment(
            "durability",
            &[
                ("database", json!(["memory", "sqlite"])),
                ("sync", json!(["normal", "full"])),
            ],
        ),
        experiment("mine", &[("jitter_ms", json!([0, 10, 20]))]),
    ]
}

//! Each sentence with data that bear it out, and with data that don't.

use analysis::results::{Limit, Results, Trial};
use protocol::Transport;
use serde_json::json;

use crate::{
    data::Data,
    sample::{self, alike, experiment},
    subject::Subject,
    subjects::about,
};

use super::*;

fn at(trial: &Trial) -> String {
    trial
        .level
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default()
}

type Sentences = fn(&Data, &str) -> Vec<String>;

fn run(name: &str, sweeps: &[(&str, serde_json::Value)]) -> Results {
    sample::results(&[experiment(name, sweeps)])
}

/// Whether a sentence with these words is among those told, of results as they are and of results
/// in which no transport differs.
fn told(results: &Results, name: &str, sentences: Sentences, words: &str) -> [bool; 2] {
    let level = alike(results.clone());
    [results, &level].map(|results| {
        let found = sentences(&Data::new(results), name);
        found.iter().any(|sentence| sentence.contains(words))
    })
}

#[test]
fn delay_is_told_where_it_differs() {
    let run = run("latency", &[("one_way_ms", json!([0, 40]))]);
    let all = delay::latency as Sentences;
    assert_eq!(
        told(&run, "latency", all, "to arrive by short polling"),
        [true, false]
    );
    assert_eq!(
        told(&run, "latency", all, "share the median"),
        [true, false]
    );
    assert_eq!(
        told(&run, "latency", all, "Theory and measurement agree"),
        [true, false]
    );
    assert_eq!(
        told(&run, "latency", all, "something costs time"),
        [false, true]
    );
}

#[test]
fn haste_and_dominance_are_told_where_they_are() {
    let run = run("interval", &[("interval_ms", json!([500, 4000]))]);
    let all = delay::interval as Sentences;
    assert_eq!(
        told(&run, "interval", all, "divides the mean delay"),
        [true, true]
    );
    assert_eq!(
        told(&run, "interval", all, "both sooner and cheaper"),
        [true, true]
    );
    // With one interval alone there is nothing to compare.
    let mut one = run.clone();
    one.trials.retain(|trial| at(trial) != "interval_ms=500");
    assert_eq!(
        told(&one, "interval", all, "divides the mean delay"),
        [false, false]
    );
}

#[test]
fn slopes_are_those_of_the_trials() {
    let run = run("rtt", &[("one_way_ms", json!([1, 20, 100]))]);
    let all = delay::rtt as Sentences;
    assert_eq!(
        told(&run, "rtt", all, "Short polling: each millisecond"),
        [true, true]
    );
    assert!(
        !delay::rtt(&Data::new(&run), "rtt")
            .iter()
            .any(|told| told.contains("Long"))
    );
}

#[test]
fn a_crossing_wants_both_of_its_sides() {
    let run = run("rate", &[("rate", json!([0.05, 0.5, 5, 50]))]);
    let all = cost::rate as Sentences;
    assert_eq!(
        told(&run, "rate", all, "by batching it becomes"),
        [true, false]
    );
    let found = crossing::crossing(&Data::new(&run), "rate").unwrap();
    assert!(found.below.0 < found.at && found.at < found.above.0);
    let mut quiet = run.clone();
    quiet
        .trials
        .retain(|trial| !matches!(at(trial).as_str(), "rate=5" | "rate=50"));
    assert!(crossing::crossing(&Data::new(&quiet), "rate").is_none());
}

#[test]
fn bytes_are_told_against_push() {
    let run = run("latency", &[("one_way_ms", json!([0, 40]))]);
    let bytes: Sentences = |data, name| {
        cost::bytes_against_push(data, name, Transport::ShortPoll)
            .into_iter()
            .collect()
    };
    assert_eq!(
        told(&run, "latency", bytes, "Short polling needs"),
        [true, false]
    );
    assert_eq!(
        told(&run, "latency", bytes, "no difference in bytes per message"),
        [false, true]
    );
}

#[test]
fn sizes_targets_and_connections() {
    let sizes = run("size", &[("body_bytes", json!([32, 16000]))]);
    assert_eq!(
        told(&sizes, "size", cost::size, "the message is"),
        [true, true]
    );
    let targets = run("equal-latency", &[("target_ms", json!([100, 1000]))]);
    assert_eq!(
        told(
            &targets,
            "equal-latency",
            cost::equal_latency,
            "short polling needs"
        ),
        [true, true]
    );
    let kept = run(
        "connections",
        &[("transport.keep_alive", json!([true, false]))],
    );
    assert!(!told(&kept, "connections", cost::connections, "nearly every poll")[0]);
    let limit = run("connections-limit", &[("interval_ms", json!([1000, 8000]))]);
    assert!(told(&limit, "connections-limit", cost::connections, "The cliff")[0]);
}

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

#[test]
fn that_nothing_was_lost_is_told_when_nothing_was() {
    let mut cut = experiment("outage", &[("outage.seconds", json!([1.0, 5.0]))]);
    cut.outage = serde_json::from_value(json!({"at": 5.0, "seconds": 1.0})).ok();
    let mut run = sample::results(&[cut]);
    assert!(told(&run, "outage", loss::outage, "Nothing was lost")[0]);
    assert!(told(&run, "outage", loss::outage, "After a cut of")[0]);
    run.trials[0].lost = 1;
    assert!(!told(&run, "outage", loss::outage, "Nothing was lost")[0]);
}

#[test]
fn a_commit_is_told_against_memory() {
    let run = run("durability", &[("database", json!(["memory", "sqlite"]))]);
    let all = loss::durability as Sentences;
    assert_eq!(
        told(
            &run,
            "durability",
            all,
            "WebSocket, database sqlite: the median"
        ),
        [true, true]
    );
    // A database that costs nothing: its trials measure what those in memory did, in another order.
    let mut free = run.clone();
    let memory: Vec<_> = run
        .trials
        .iter()
        .filter(|trial| at(trial) == "database=memory")
        .collect();
    for trial in free
        .trials
        .iter_mut()
        .filter(|trial| at(trial) == "database=sqlite")
    {
        let same = |other: &&&Trial| {
            other.transport == trial.transport && other.repetition == (trial.repetition + 1) % 5
        };
        trial.end_to_end_us = memory.iter().find(same).unwrap().end_to_end_us.clone();
    }
    assert_eq!(
        told(
            &free,
            "durability",
            all,
            "WebSocket, database sqlite: the median"
        ),
        [false, false]
    );
    assert!(
        told(
            &free,
            "durability",
            all,
            "WebSocket, database sqlite: no difference"
        )[0]
    );
}

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

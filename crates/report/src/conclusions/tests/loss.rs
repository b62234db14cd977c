//! The sentences about reliability.

use analysis::results::Trial;
use serde_json::json;

use super::support::{Sentences, at, has_sentence, run};
use crate::{
    conclusions::loss,
    sample::{self, experiment},
};

#[test]
fn that_no_message_was_lost_is_stated_only_if_true() {
    let mut outage = experiment("outage", &[("outage.seconds", json!([1.0, 5.0]))]);
    outage.outage = serde_json::from_value(json!({"at": 5.0, "seconds": 1.0})).ok();
    let mut run = sample::results(&[outage]);
    assert!(has_sentence(&run, "outage", loss::outage, "No message was lost")[0]);
    assert!(has_sentence(&run, "outage", loss::outage, "After an outage of")[0]);
    run.trials[0].lost = 1;
    assert!(!has_sentence(&run, "outage", loss::outage, "No message was lost")[0]);
}

#[test]
fn that_nobody_noticed_is_stated_only_if_true() {
    let mut outage = experiment("outage", &[("outage.seconds", json!([1.0]))]);
    outage.outage = serde_json::from_value(json!({"at": 5.0, "seconds": 1.0})).ok();
    let mut run = sample::results(&[outage]);
    assert!(has_sentence(&run, "outage", loss::outage, "none of the 1000 clients")[0]);
    run.trials[0].outage.as_mut().unwrap().noticed = 1;
    assert!(!has_sentence(&run, "outage", loss::outage, "No client noticed")[0]);
}

#[test]
fn a_commit_is_compared_with_memory() {
    let run = run("durability", &[("database", json!(["memory", "sqlite"]))]);
    let all = loss::durability as Sentences;
    assert_eq!(
        has_sentence(
            &run,
            "durability",
            all,
            "WebSocket, database sqlite: the median"
        ),
        [true, true]
    );
    // A database without cost: its trials have the values of those in memory, in another order.
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
        has_sentence(
            &free,
            "durability",
            all,
            "WebSocket, database sqlite: the median"
        ),
        [false, false]
    );
    assert!(
        has_sentence(
            &free,
            "durability",
            all,
            "WebSocket, database sqlite: no difference"
        )[0]
    );
}

//! The sentences about what is lost and what is kept.

use analysis::results::Trial;
use serde_json::json;

use super::told::{Sentences, at, run, told};
use crate::{
    conclusions::loss,
    sample::{self, experiment},
};

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

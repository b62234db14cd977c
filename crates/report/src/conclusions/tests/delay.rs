//! The sentences about delay.

use serde_json::json;

use super::told::{Sentences, at, run, told};
use crate::{conclusions::delay, data::Data};

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

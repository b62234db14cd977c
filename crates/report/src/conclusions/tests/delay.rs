//! The sentences about latency.

use serde_json::json;

use super::support::{Sentences, at, has_sentence, run};
use crate::{conclusions::delay, data::Data};

#[test]
fn latency_is_compared_where_it_differs() {
    let run = run("latency", &[("one_way_ms", json!([0, 40]))]);
    let all = delay::latency as Sentences;
    assert_eq!(
        has_sentence(&run, "latency", all, "with short polling and"),
        [true, false]
    );
    assert_eq!(
        has_sentence(
            &run,
            "latency",
            all,
            "nearly the same median delivery latency"
        ),
        [true, false]
    );
    assert_eq!(
        has_sentence(&run, "latency", all, "Theory and measurement agree"),
        [true, false]
    );
    assert_eq!(
        has_sentence(&run, "latency", all, "outside the 95 % interval"),
        [false, true]
    );
}

#[test]
fn the_trade_off_is_shown_where_there_is_one() {
    let run = run("interval", &[("interval_ms", json!([500, 4000]))]);
    let all = delay::interval as Sentences;
    assert_eq!(
        has_sentence(&run, "interval", all, "reduces the mean delivery latency"),
        [true, true]
    );
    assert_eq!(
        has_sentence(
            &run,
            "interval",
            all,
            "both a lower mean delivery latency and less IP traffic"
        ),
        [true, true]
    );
    // With one interval alone there is nothing to compare.
    let mut one = run.clone();
    one.trials.retain(|trial| at(trial) != "interval_ms=500");
    assert_eq!(
        has_sentence(&one, "interval", all, "reduces the mean delivery latency"),
        [false, false]
    );
}

#[test]
fn slopes_are_those_of_the_trials() {
    let run = run("rtt", &[("one_way_ms", json!([1, 20, 100]))]);
    let all = delay::rtt as Sentences;
    assert_eq!(
        has_sentence(&run, "rtt", all, "Short polling: each millisecond"),
        [true, true]
    );
    assert!(
        !delay::rtt(&Data::new(&run), "rtt")
            .iter()
            .any(|sentence| sentence.contains("Long"))
    );
}

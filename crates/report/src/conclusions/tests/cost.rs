//! The sentences about bytes.

use protocol::Transport;
use serde_json::json;

use super::support::{Sentences, at, has_sentence, run};
use crate::{
    conclusions::{cost, crossing},
    data::Data,
};

#[test]
fn a_crossing_needs_both_of_its_sides() {
    let run = run("rate", &[("rate", json!([0.05, 0.5, 5, 50]))]);
    let all = cost::rate as Sentences;
    assert_eq!(
        has_sentence(&run, "rate", all, "needs fewer bytes"),
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
fn bytes_are_compared_with_push() {
    let run = run("latency", &[("one_way_ms", json!([0, 40]))]);
    let bytes: Sentences = |data, name| {
        cost::bytes_against_push(data, name, Transport::ShortPoll)
            .into_iter()
            .collect()
    };
    assert_eq!(
        has_sentence(&run, "latency", bytes, "Short polling needs"),
        [true, false]
    );
    assert_eq!(
        has_sentence(
            &run,
            "latency",
            bytes,
            "no difference in IP bytes per message"
        ),
        [false, true]
    );
}

#[test]
fn sizes_targets_and_connections() {
    let sizes = run("size", &[("body_bytes", json!([32, 4000]))]);
    assert_eq!(
        has_sentence(&sizes, "size", cost::size, "the message is"),
        [true, true]
    );
    let targets = run("equal-latency", &[("target_ms", json!([100, 1000]))]);
    assert_eq!(
        has_sentence(
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
    assert!(!has_sentence(&kept, "connections", cost::connections, "nearly every poll")[0]);
    let limit = run("connections-limit", &[("interval_ms", json!([1000, 8000]))]);
    assert!(
        has_sentence(
            &limit,
            "connections-limit",
            cost::connections,
            "exceeds the server's keep-alive"
        )[0]
    );
}

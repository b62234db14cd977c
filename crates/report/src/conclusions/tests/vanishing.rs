//! Sentences that must not appear where the data do not support them: those that no other test
//! makes vanish.

use analysis::results::{Results, Trial};
use protocol::Transport::{LongPoll, ShortPoll};
use serde_json::json;

use super::support::{Sentences, at, has_sentence, run};
use crate::{
    conclusions::{cost, delay, levels, loss},
    sample::{self, experiment},
};

/// Whether the sentence appears in the results as they are, and in results without the trials that
/// `is_kept` refuses.
fn appears(
    results: &Results,
    (name, sentences, words): (&str, Sentences, &str),
    is_kept: impl Fn(&Trial) -> bool,
) -> [bool; 2] {
    let mut fewer = results.clone();
    fewer.trials.retain(is_kept);
    fewer.estimates = sample::estimates(&fewer);
    [results, &fewer].map(|results| has_sentence(results, name, sentences, words)[0])
}

/// The results with the second level's values in the first level too, in another order.
fn with_equal_levels(mut results: Results, [first, second]: [&str; 2]) -> Results {
    let copies: Vec<_> = results
        .trials
        .iter()
        .filter(|trial| at(trial) == second)
        .cloned()
        .collect();
    for trial in results.trials.iter_mut().filter(|trial| at(trial) == first) {
        let other = |copy: &&Trial| {
            copy.transport == trial.transport && copy.repetition == (trial.repetition + 1) % 5
        };
        let copy = copies.iter().find(other).unwrap().clone();
        *trial = Trial {
            level: trial.level.clone(),
            repetition: trial.repetition,
            ..copy
        };
    }
    results.estimates = sample::estimates(&results);
    results
}

/// Whether it appears in the results as they are, and in those with equal levels.
fn with_and_without_levels(
    results: &Results,
    (name, sentences, words): (&str, Sentences, &str),
    levels: [&str; 2],
) -> [bool; 2] {
    let equal = with_equal_levels(results.clone(), levels);
    [results, &equal].map(|results| has_sentence(results, name, sentences, words)[0])
}

#[test]
fn without_a_difference_between_levels_nothing_is_said_of_it() {
    let rates = run("rate", &[("rate", json!([0.05, 50]))]);
    let batching = ("rate", cost::rate as Sentences, "combines messages");
    let found = with_and_without_levels(&rates, batching, ["rate=0.05", "rate=50"]);
    assert_eq!(found, [true, false]);

    let sizes = run("size", &[("body_bytes", json!([32, 4000]))]);
    let share = ("size", cost::size as Sentences, "the message is");
    let found = with_and_without_levels(&sizes, share, ["body_bytes=32", "body_bytes=4000"]);
    assert_eq!(found, [true, false]);

    let kept = run(
        "connections",
        &[("transport.keep_alive", json!([true, false]))],
    );
    let opened = (
        "connections",
        levels::against_first as Sentences,
        "Short polling, new connection",
    );
    let names = ["transport.keep_alive=true", "transport.keep_alive=false"];
    assert_eq!(with_and_without_levels(&kept, opened, names), [true, false]);

    let fanout = run("fanout", &[("clients", json!([1, 5000]))]);
    let grows: Sentences = crate::conclusions::load::fanout;
    let growth = ("fanout", grows, "the p99 delivery latency changes");
    let found = with_and_without_levels(&fanout, growth, ["clients=1", "clients=5000"]);
    assert_eq!(found, [true, false]);
}

#[test]
fn without_its_other_side_nothing_is_compared() {
    let targets = run("equal-latency", &[("target_ms", json!([100, 1000]))]);
    let needs = (
        "equal-latency",
        cost::equal_latency as Sentences,
        "short polling needs",
    );
    let found = appears(&targets, needs, |trial| trial.transport == ShortPoll);
    assert_eq!(found, [true, false]);

    let delays = run("rtt", &[("one_way_ms", json!([1, 20, 100]))]);
    let slope = (
        "rtt",
        delay::rtt as Sentences,
        "WebSocket: each millisecond",
    );
    let found = appears(&delays, slope, |trial| at(trial) == "one_way_ms=20");
    assert_eq!(found, [true, false]);

    let intervals = run("interval", &[("interval_ms", json!([500, 4000]))]);
    let better = ("interval", delay::interval as Sentences, "has both");
    let found = appears(&intervals, better, |trial| trial.transport != ShortPoll);
    assert_eq!(found, [true, false]);

    let both = run("latency", &[("one_way_ms", json!([0, 40]))]);
    let push = (
        "latency",
        delay::latency as Sentences,
        "server-sent events and WebSocket",
    );
    let is_poll = |trial: &Trial| matches!(trial.transport, ShortPoll | LongPoll);
    assert_eq!(appears(&both, push, is_poll), [true, false]);

    let mut cut = experiment("outage", &[("outage.seconds", json!([1.0, 5.0]))]);
    cut.outage = serde_json::from_value(json!({"at": 5.0, "seconds": 1.0})).ok();
    let cut = sample::results(&[cut]);
    let recovery = ("outage", loss::outage as Sentences, "After an outage of");
    let found = appears(&cut, recovery, |trial| trial.transport == ShortPoll);
    assert_eq!(found, [true, false]);
}

#[test]
fn a_partial_advantage_names_how_many_intervals_it_holds_for() {
    let mut run = run("interval", &[("interval_ms", json!([500, 4000]))]);
    let all = delay::interval as Sentences;
    for trial in run
        .trials
        .iter_mut()
        .filter(|trial| at(trial) == "interval_ms=4000")
    {
        // Polls that cost next to nothing.
        trial.bytes.ip_up = Some(1);
        trial.bytes.ip_down = Some(1);
    }
    run.estimates = sample::estimates(&run);
    assert!(has_sentence(&run, "interval", all, "at 1 of 2 measured pauses")[0]);
    assert!(!has_sentence(&run, "interval", all, "at all")[0]);
}

#[test]
fn a_crossover_without_one_interval_and_delay_is_not_named() {
    let swept = [("rate", json!([0.05, 50])), ("one_way_ms", json!([1, 40]))];
    let run = run("rate", &swept);
    assert_eq!(
        has_sentence(&run, "rate", cost::rate, "λ* ="),
        [false, false]
    );
}

#[test]
fn agreement_and_deviation_exclude_each_other() {
    let mut run = run("latency", &[("one_way_ms", json!([40]))]);
    let words = ["Theory and measurement agree", "differs from its model"];
    let found =
        |run: &Results| words.map(|one| has_sentence(run, "latency", delay::latency, one)[0]);
    assert_eq!(found(&run), [true, false]);
    for trial in run
        .trials
        .iter_mut()
        .filter(|trial| trial.transport == LongPoll)
    {
        trial.delivery_us.mean = trial.delivery_us.mean.map(|mean| mean * 1.2);
    }
    run.estimates = sample::estimates(&run);
    assert_eq!(found(&run), [false, true]);
}

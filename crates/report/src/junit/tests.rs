//! The document, read back.

use analysis::{
    metric::Metric,
    results::{InvalidKind, Invalidity, Reason, ThresholdRecord, Verdict},
};
use protocol::Transport;
use quick_xml::{Reader, events::BytesStart};
use serde_json::json;

use super::*;
use crate::sample;

fn threshold(verdict: Verdict) -> ThresholdRecord {
    ThresholdRecord {
        experiment: "latency".into(),
        transport: Transport::WebSocket,
        level: None,
        metric: Metric::P99,
        condition: "< 50ms".into(),
        value: Some(40_000.0),
        ci95: Some([30_000.0, 60_000.0]),
        censored: false,
        verdict,
    }
}

/// Every element with its attributes, and the text between: parsed, not only searched.
fn parsed(results: &Results) -> Vec<String> {
    let xml = String::from_utf8(super::text(results).unwrap()).unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let shown = |start: &BytesStart| {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let value = attribute.unescape_value().unwrap();
            format!(" {}={value}", text(attribute.key.as_ref()))
        });
        text(start.name().as_ref()) + &attributes.collect::<String>()
    };
    let mut reader = Reader::from_str(&xml);
    let mut all = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) => all.push(shown(&start)),
            Event::Eof => return all,
            _ => {}
        }
    }
}

fn results() -> Results {
    sample::results(&[sample::experiment("latency", &[("one_way_ms", json!([0]))])])
}

#[test]
fn gates_thresholds_and_invalid_trials_are_cases() {
    let mut results = results();
    results.thresholds = vec![threshold(Verdict::Passed), threshold(Verdict::Undecided)];
    let reason = Reason::new(InvalidKind::Fault, "closed <early> & \u{1} \"often\"");
    results.trials[0].invalidity = Invalidity::of(vec![reason]);
    results.gates[0].passed = Some(false);
    results.gates[0].reasons = vec!["One.".into(), "Two.".into()];
    let all = parsed(&results);
    let gates = results.gates.len();
    assert!(
        all[1].contains(&format!("tests={gates} failures=1")),
        "{}",
        all[1]
    );
    let has = |words: &str| all.iter().filter(|one| one.contains(words)).count();
    assert_eq!(has("failure message=One. Two."), 1);
    assert_eq!(has("testsuite name=latency"), 1);
    assert_eq!(has("failure message=cannot be said: latency"), 1);
    let reason = "skipped message=invalid: closed <early> & \u{fffd} \"often\"";
    assert_eq!(has(reason), 1, "{all:?}");
    assert_eq!(has("testcase classname=latency"), 3);
}

#[test]
fn a_valid_campaign_without_thresholds_has_its_gates_only() {
    let all = parsed(&results());
    assert!(
        all[0].starts_with("testsuites name=coursework"),
        "{}",
        all[0]
    );
    assert!(all[0].contains("failures=0"));
    let suites = all.iter().filter(|one| one.starts_with("testsuite "));
    assert_eq!(suites.count(), 1);
}

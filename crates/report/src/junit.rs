//! `junit.xml`: gates, thresholds and invalid trials, in the form that build servers show.

use std::io;

use analysis::results::{Gate, Results, Trial, Verdict};
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use crate::thresholds::{self, ThresholdRow};

/// The suite of the gates; each experiment has one of its own name.
const GATES: &str = "gates";

struct Suite {
    name: String,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    outcome: Outcome,
    /// What was asked and what was found.
    told: String,
}

enum Outcome {
    Passed,
    /// With the reason.
    Failed(String),
    /// With the reason.
    Skipped(String),
}

impl Outcome {
    fn is_failure(&self) -> bool {
        matches!(self, Outcome::Failed(_))
    }

    fn is_skipped(&self) -> bool {
        matches!(self, Outcome::Skipped(_))
    }
}

/// The document. Of the gates of an invalid campaign at least one is a failure; a threshold is one
/// unless it was passed.
///
/// # Errors
/// Never: it is written to memory.
pub fn text(results: &Results) -> io::Result<Vec<u8>> {
    let suites = suites(results);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let cases: Vec<_> = suites.iter().flat_map(|suite| &suite.cases).collect();
    let seconds = results.scenario.seconds.to_string();
    writer
        .create_element("testsuites")
        .with_attributes([
            ("name", results.scenario.name.as_str()),
            ("time", seconds.as_str()),
        ])
        .with_attributes(
            counts(&cases)
                .each_ref()
                .map(|(name, n)| (*name, n.as_str())),
        )
        .write_inner_content(|writer| {
            let mut all = suites.iter();
            all.try_for_each(|suite| write_suite(writer, suite, &results.started_at))
        })?;
    writer.write_event(Event::Text(BytesText::new("\n")))?;
    Ok(writer.into_inner())
}

fn suites(results: &Results) -> Vec<Suite> {
    let gates = Suite {
        name: GATES.into(),
        cases: results.gates.iter().map(of_gate).collect(),
    };
    let thresholds = thresholds::rows(results);
    let mut suites = vec![gates];
    for name in results.scenario.experiments.keys() {
        let own = thresholds.iter().filter(|row| row.experiment == *name);
        let trials = results.trials.iter();
        let trials = trials.filter(|trial| trial.experiment == *name);
        suites.push(Suite {
            name: name.clone(),
            cases: own
                .map(of_threshold)
                .chain(trials.filter_map(of_trial))
                .collect(),
        });
    }
    suites.retain(|suite| !suite.cases.is_empty());
    suites
}

fn of_gate(gate: &Gate) -> Case {
    Case {
        name: gate.name.clone(),
        outcome: match gate.passed {
            Some(true) => Outcome::Passed,
            Some(false) => Outcome::Failed(gate.reasons.join(" ")),
            None => Outcome::Skipped("judges nothing in this campaign".into()),
        },
        told: format!("{} Found: {}", gate.condition, gate.found),
    }
}

fn of_threshold(row: &ThresholdRow) -> Case {
    Case {
        name: format!("{}: {} {}", row.cell, row.metric, row.condition),
        outcome: match row.verdict {
            Verdict::Passed => Outcome::Passed,
            Verdict::Failed | Verdict::Undecided => Outcome::Failed(row.to_string()),
        },
        told: format!("Found: {}", row.found),
    }
}

/// An invalid trial; valid ones are no cases.
fn of_trial(trial: &Trial) -> Option<Case> {
    let invalidity = trial.invalidity.as_ref()?;
    Some(Case {
        name: trial.name(),
        outcome: Outcome::Skipped(format!("invalid: {}", invalidity.text())),
        told: "Its figures are used in no estimate.".into(),
    })
}

/// The attributes that count cases.
fn counts(cases: &[&Case]) -> [(&'static str, String); 3] {
    let count = |of: fn(&Outcome) -> bool| {
        let found = cases.iter().filter(|case| of(&case.outcome));
        found.count().to_string()
    };
    [
        ("tests", cases.len().to_string()),
        ("failures", count(Outcome::is_failure)),
        ("skipped", count(Outcome::is_skipped)),
    ]
}

fn write_suite(writer: &mut Writer<Vec<u8>>, suite: &Suite, started_at: &str) -> io::Result<()> {
    let cases: Vec<_> = suite.cases.iter().collect();
    writer
        .create_element("testsuite")
        .with_attributes([("name", suite.name.as_str()), ("timestamp", started_at)])
        .with_attributes(
            counts(&cases)
                .each_ref()
                .map(|(name, n)| (*name, n.as_str())),
        )
        .write_inner_content(|writer| {
            let mut all = cases.iter();
            all.try_for_each(|case| write_case(writer, case, &suite.name))
        })?;
    Ok(())
}

fn write_case(writer: &mut Writer<Vec<u8>>, case: &Case, suite: &str) -> io::Result<()> {
    let name = allowed(&case.name);
    writer
        .create_element("testcase")
        .with_attributes([("classname", suite), ("name", name.as_str())])
        .write_inner_content(|writer| {
            let (element, reason) = match &case.outcome {
                Outcome::Passed => return write_told(writer, &case.told),
                Outcome::Failed(reason) => ("failure", reason),
                Outcome::Skipped(reason) => ("skipped", reason),
            };
            writer
                .create_element(element)
                .with_attribute(("message", allowed(reason).as_str()))
                .write_empty()?;
            write_told(writer, &case.told)
        })?;
    Ok(())
}

fn write_told(writer: &mut Writer<Vec<u8>>, told: &str) -> io::Result<()> {
    writer
        .create_element("system-out")
        .write_text_content(BytesText::new(&allowed(told)))?;
    Ok(())
}

/// Without the characters that XML 1.0 cannot have, however they are escaped.
fn allowed(text: &str) -> String {
    let is_forbidden = |c: char| {
        let is_space = matches!(c, '\t' | '\n' | '\r');
        c < ' ' && !is_space || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    text.replace(is_forbidden, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use analysis::{
        metric::Metric,
        results::{InvalidKind, Invalidity, Reason, ThresholdRecord},
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
}

//! `junit.xml`: gates, thresholds and invalid trials, in the form that build servers show.

mod cases;
#[cfg(test)]
mod tests;

use std::io;

use analysis::results::Results;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use cases::{Case, Outcome, Suite, suites};

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

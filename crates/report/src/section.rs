//! The section of an experiment, for the page.

use analysis::{
    metric::Quantity,
    scenario::{Experiment, level::key},
};
use protocol::Transport;

use super::{
    conclusions::processor,
    data::Data,
    level,
    numbers::{NumberedFigure, Numbers},
    plain_table::PlainTable,
    subject::Subject,
    subjects,
    table::{Table, table},
    units::{number, show},
};

pub struct Section {
    pub name: String,
    pub title: String,
    pub question: String,
    pub expect: String,
    /// Load and settings in one line.
    pub settings: String,
    pub figures: Vec<NumberedFigure>,
    pub table: Table,
    /// The residuals of a fit, where the experiment has one.
    pub fit: Option<PlainTable>,
    /// What can be concluded, one sentence each.
    pub conclusions: Vec<String>,
    /// What cannot be concluded.
    pub cannot: &'static str,
}

/// The section of an experiment.
pub fn section(data: &Data, name: &str, numbers: &mut Numbers) -> Section {
    let content = subjects::content(Subject::of(name));
    let experiment = data.results.experiment(name).unwrap_or_default();
    Section {
        title: if experiment.title.is_empty() {
            name.to_owned()
        } else {
            experiment.title.clone()
        },
        question: experiment.question.clone(),
        expect: experiment.expect.clone(),
        settings: settings(&experiment),
        figures: numbers.all(subjects::figures(data, name)),
        table: table(data, name, content.columns),
        fit: processor::residuals(data, name),
        conclusions: (content.conclusions)(data, name),
        cannot: content.cannot,
        name: name.to_owned(),
    }
}

/// What was held, and the names of what was swept.
fn settings(experiment: &Experiment) -> String {
    let load = &experiment.load;
    let transport = &experiment.transport;
    let time = |ms: f64| show(Quantity::Time, ms * 1e3);
    let has = |one| transport.list.contains(&one);
    let rooms = counted(load.rooms, "room");
    let clients = counted(load.clients, "client");
    let body = show(Quantity::Bytes, f64::from(load.body_bytes));
    let held = [
        (true, "rooms", rooms),
        (true, "clients", format!("{clients} in each")),
        (
            true,
            "rate",
            format!("λ = {}/s in each room", number(load.rate)),
        ),
        (true, "body_bytes", format!("bodies of {body}")),
        (
            true,
            "one_way_ms",
            format!("d = {}", time(experiment.network.one_way_ms)),
        ),
        (
            has(Transport::ShortPoll),
            "interval_ms",
            format!("T = {}", time(transport.interval_ms)),
        ),
        (
            has(Transport::LongPoll),
            "wait_s",
            format!("M = {} s", transport.wait_s),
        ),
        (true, "seconds", span(experiment)),
    ];
    let swept: Vec<_> = experiment
        .sweep
        .iter()
        .map(|sweep| sweep.parameter.as_str())
        .collect();
    let is_swept = |name: &str| swept.iter().any(|one| key(one) == name);
    let held = held
        .into_iter()
        .filter(|(applies, name, _)| *applies && !is_swept(name));
    let names: Vec<_> = swept.iter().map(|one| level::parameter(one).0).collect();
    let swept = (!names.is_empty()).then(|| format!("swept: {}", names.join(", ")));
    let parts: Vec<_> = held.map(|(.., text)| text).chain(swept).collect();
    parts.join(", ")
}

/// How long a trial measures; a search ends when it has found the capacity.
fn span(experiment: &Experiment) -> String {
    let seconds = number(experiment.load.seconds);
    match experiment.search {
        Some(_) => format!("a search of at most {seconds} s per trial"),
        None => format!("{seconds} s per trial"),
    }
}

fn counted(count: u32, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", number(f64::from(count)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    #[test]
    fn what_is_swept_has_no_value_of_its_own() {
        let swept = sample::experiment("latency", &[("network.one_way_ms", json!([0, 40]))]);
        let shown = settings(&swept).replace('\u{a0}', " ");
        assert!(
            !shown.contains("d = ") && shown.contains("T = 2 s"),
            "{shown}"
        );
        assert!(shown.ends_with("swept: one-way delay d"), "{shown}");
        let mut push = sample::experiment("durability", &[]);
        push.transport.list = vec![Transport::WebSocket];
        let shown = settings(&push).replace('\u{a0}', " ");
        assert!(
            shown.contains("d = 40 ms") && !shown.contains("T = "),
            "{shown}"
        );
    }
}

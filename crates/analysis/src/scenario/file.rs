//! Scenario files: one experiment, or a suite of several.

use std::{fs, path::Path};

use serde::Deserialize;
use toml::{Table, Value};

use super::{built_in::BUILT_IN, experiment::Experiment, pass::Pass};
use crate::worksheet::WorksheetRecord;

/// What a campaign measures.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub name: String,
    pub title: String,
    pub question: String,
    pub experiments: Vec<Experiment>,
    /// Whose worksheet it is, if it is one.
    pub worksheet: Option<WorksheetRecord>,
}

/// A suite names experiments, each `from` a built-in one with some of its values replaced.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suite {
    name: String,
    title: String,
    question: String,
    #[serde(default)]
    #[expect(dead_code, reason = "accepted in a suite as in an experiment")]
    expect: String,
    experiment: Vec<Table>,
}

/// The thresholds of a suite's experiments, read from the file itself: an error has its line there.
#[derive(Deserialize)]
struct SuiteThresholds {
    #[expect(dead_code, reason = "read for its errors")]
    experiment: Vec<ExperimentThresholds>,
}

#[derive(Deserialize)]
struct ExperimentThresholds {
    #[serde(default)]
    #[expect(dead_code, reason = "read for its errors")]
    pass: Pass,
}

impl Scenario {
    /// A built-in scenario by its name, or a file by its path.
    ///
    /// # Errors
    /// An unknown name, a file that cannot be read, or an error in it with its line; the sentence
    /// says what would be accepted.
    pub fn load(what: &str) -> Result<Self, String> {
        if let Some(built_in) = BUILT_IN.iter().find(|built_in| built_in.name == what) {
            return Scenario::parse(built_in.text);
        }
        if !what.ends_with(".toml") {
            let names: Vec<_> = BUILT_IN.iter().map(|built_in| built_in.name).collect();
            return Err(format!(
                "there is no scenario {what}: give the path of a .toml file or one of {}",
                names.join(", ")
            ));
        }
        let text = fs::read_to_string(Path::new(what))
            .map_err(|error| format!("cannot read {what}: {error}"))?;
        Scenario::parse(&text).map_err(|error| format!("{what}: {error}"))
    }

    /// # Errors
    /// As [`Scenario::load`].
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let table: Table = text
            .parse()
            .map_err(|error: toml::de::Error| error.to_string())?;
        let scenario = if table.contains_key("experiment") {
            Scenario::suite(text)?
        } else {
            let experiment: Experiment = toml::from_str(text).map_err(|error| error.to_string())?;
            Scenario {
                name: experiment.name.clone(),
                title: experiment.title.clone(),
                question: experiment.question.clone(),
                experiments: vec![experiment],
                worksheet: None,
            }
        };
        for experiment in &scenario.experiments {
            experiment
                .check()
                .map_err(|error| with_line(text, &error))?;
        }
        Ok(scenario)
    }

    fn suite(text: &str) -> Result<Self, String> {
        let suite: Suite = toml::from_str(text).map_err(|error| error.to_string())?;
        toml::from_str::<SuiteThresholds>(text).map_err(|error| error.to_string())?;
        let experiments: Result<Vec<_>, _> = suite.experiment.into_iter().map(derived).collect();
        Ok(Scenario {
            name: suite.name,
            title: suite.title,
            question: suite.question,
            experiments: experiments?,
            worksheet: None,
        })
    }
}

/// The built-in experiment named by `from`, with these values in place of its own.
fn derived(mut changes: Table) -> Result<Experiment, String> {
    let from = changes.remove("from");
    let from = from.as_ref().and_then(Value::as_str).unwrap_or_default();
    let base = BUILT_IN.iter().find(|built_in| built_in.name == from);
    let base = base.ok_or_else(|| {
        format!(
            "each experiment of a suite needs from = the name of a built-in scenario, not {from:?}"
        )
    })?;
    let mut table: Table = base
        .text
        .parse()
        .map_err(|error: toml::de::Error| error.to_string())?;
    overlay(&mut table, changes);
    let text = toml::to_string(&table).map_err(|error| error.to_string())?;
    toml::from_str(&text).map_err(|error| format!("the experiment from {from}: {error}"))
}

fn overlay(base: &mut Table, changes: Table) {
    for (key, change) in changes {
        match (base.get_mut(&key), change) {
            (Some(Value::Table(inner)), Value::Table(change)) => overlay(inner, change),
            (_, change) => drop(base.insert(key, change)),
        }
    }
}

/// Adds the line on which the error's first word is found, if there is one.
fn with_line(text: &str, error: &str) -> String {
    let name = error.split([' ', ':', '=']).next().unwrap_or(error);
    let line = text.lines().position(|line| line.contains(name));
    match line {
        Some(line) if !name.is_empty() => format!("line {}: {error}", line + 1),
        _ => error.to_owned(),
    }
}

impl Experiment {
    /// Checks what no single value shows: sweeps, and values that exclude each other.
    fn check(&self) -> Result<(), String> {
        self.pass.check(&self.transport.list)?;
        let cells = self.cells()?;
        for cell in &cells {
            let load = &cell.settings.load;
            let clients = load.rooms * load.clients;
            let is_emulated = cell.settings.network.is_emulated();
            let most = if is_emulated { 6_000 } else { 10_000 };
            if clients > most {
                return Err(format!(
                    "clients: {clients} in total are too many: {most} at most{}",
                    if is_emulated {
                        " over an emulated link"
                    } else {
                        ""
                    }
                ));
            }
            self.check_outage(&cell.settings)?;
        }
        Ok(())
    }

    fn check_outage(&self, settings: &Experiment) -> Result<(), String> {
        let Some(outage) = &settings.outage else {
            return Ok(());
        };
        if !settings.network.is_emulated() {
            return Err("outage: it needs an emulated link: give one_way_ms".into());
        }
        if outage.at + outage.seconds >= settings.load.seconds {
            return Err(format!(
                "outage: it ends after {} s, which must be before the {} s measured",
                outage.at + outage.seconds,
                settings.load.seconds
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SCENARIOS: &[&str] = &[
        include_str!("../../../../scenarios/latency.toml"),
        include_str!("../../../../scenarios/smoke.toml"),
        include_str!("../../../../scenarios/durability.toml"),
    ];

    proptest! {
        /// A scenario that is not accepted is refused in a sentence; one that is has cells that can be run.
        #[test]
        fn a_damaged_scenario_is_refused_in_words(text in corpus::mutated(SCENARIOS)) {
            match Scenario::parse(&text) {
                Ok(scenario) => for experiment in &scenario.experiments {
                    prop_assert!(experiment.cells().is_ok_and(|cells| !cells.is_empty()));
                },
                Err(why) => prop_assert!(why.len() > 10, "{why}"),
            }
        }
    }
}

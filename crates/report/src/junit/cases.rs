//! The cases: a gate, a threshold at a cell, an invalid trial.

use analysis::results::{Gate, Results, Trial, Verdict};

use crate::thresholds::{self, ThresholdRow};

/// The suite of the gates; each experiment has one of its own name.
const GATES: &str = "gates";

pub struct Suite {
    pub name: String,
    pub cases: Vec<Case>,
}

pub struct Case {
    pub name: String,
    pub outcome: Outcome,
    /// What was asked and what was found.
    pub told: String,
}

pub enum Outcome {
    Passed,
    /// With the reason.
    Failed(String),
    /// With the reason.
    Skipped(String),
}

impl Outcome {
    pub fn is_failure(&self) -> bool {
        matches!(self, Outcome::Failed(_))
    }

    pub fn is_skipped(&self) -> bool {
        matches!(self, Outcome::Skipped(_))
    }
}

/// The suite of the gates, and one for each experiment that has any case.
pub fn suites(results: &Results) -> Vec<Suite> {
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

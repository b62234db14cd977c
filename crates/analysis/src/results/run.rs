//! The results of a campaign, in the format of their file.

use serde::{Deserialize, Serialize};

use super::{
    cost_fit::CostFit,
    environment::{Baseline, Environment},
    estimate::{Comparison, Estimate},
    gate::Gate,
    older,
    runs::{IntervalsCover, RunRecord},
    threshold::{ThresholdRecord, Verdict},
    trial::Trial,
};
use crate::{scenario::Experiment, worksheet::WorksheetRecord};

/// The version of the format.
pub const SCHEMA: u32 = 1;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    pub schema: u32,
    pub scenario: ScenarioRecord,
    pub seed: u64,
    /// RFC 3339, UTC.
    pub started_at: String,
    pub environment: Environment,
    pub valid: bool,
    /// Why the campaign is invalid, one sentence each: those of the gates.
    pub reasons: Vec<String>,
    /// What must hold so that the figures are valid. Older versions recorded none.
    #[serde(default)]
    pub gates: Vec<Gate>,
    /// What a reader of the figures must know although it makes nothing invalid, one sentence each.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// What the scenario asked its cells to reach; empty where it asked nothing, and in older files.
    #[serde(default, deserialize_with = "older::of_known_metrics")]
    pub thresholds: Vec<ThresholdRecord>,
    /// That of the first run.
    #[serde(rename = "floor")]
    pub baseline: Baseline,
    /// The runs that were begun; empty in older files.
    #[serde(default)]
    pub runs: Vec<RunRecord>,
    #[serde(default)]
    pub intervals_cover: IntervalsCover,
    pub trials: Vec<Trial>,
    #[serde(deserialize_with = "older::of_known_metrics")]
    pub estimates: Vec<Estimate>,
    #[serde(deserialize_with = "older::of_known_metrics")]
    pub comparisons: Vec<Comparison>,
    /// What a post, a request and a delivery cost; empty where the campaign has no experiment `cost`,
    /// and in older files.
    #[serde(default)]
    pub costs: Vec<CostFit>,
    /// Whose worksheet it is, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worksheet: Option<WorksheetRecord>,
}

/// The scenario of the campaign, with all defaults filled in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScenarioRecord {
    pub name: String,
    pub title: String,
    pub question: String,
    pub quick: bool,
    /// The number of planned trials of all runs. An interrupted campaign has fewer in `trials`.
    pub planned_trials: u32,
    /// How often the whole campaign was to be repeated.
    #[serde(default = "one")]
    pub runs: u32,
    /// How long after the start of a run the next one was to start, if that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_s: Option<f64>,
    /// The duration of the whole campaign, waits between runs included.
    pub seconds: f64,
    pub experiments: serde_json::Map<String, serde_json::Value>,
}

/// Older files have one run.
fn one() -> u32 {
    1
}

impl Results {
    /// The thresholds that were not passed: where the verdict is `Failed` or `Undecided`.
    pub fn not_passed(&self) -> impl Iterator<Item = &ThresholdRecord> {
        let all = self.thresholds.iter();
        all.filter(|threshold| threshold.verdict != Verdict::Passed)
    }

    /// The resolved experiment of this name.
    pub fn experiment(&self, name: &str) -> Option<Experiment> {
        let value = self.scenario.experiments.get(name)?;
        serde_json::from_value(value.clone()).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use serde_json::Value;

    use super::*;

    /// Adds the paths of all names in a document.
    fn add_names(value: &Value, path: &str, names: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let path = format!("{path}/{name}");
                    add_names(member, &path, names);
                    names.insert(path);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| add_names(item, path, names)),
            _ => {}
        }
    }

    #[test]
    fn the_names_of_an_older_file_are_kept() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/results/older_file");
        let text = fs::read_to_string(folder.join("results.json")).unwrap();
        let written = serde_json::to_value(Results::read(&folder).unwrap()).unwrap();
        let (mut old, mut new) = (BTreeSet::new(), BTreeSet::new());
        add_names(&serde_json::from_str(&text).unwrap(), "", &mut old);
        add_names(&written, "", &mut new);
        // The 99.9 % interval of the first A/A gate is read by nothing any more.
        let missing: Vec<_> = old.difference(&new).collect();
        assert_eq!(missing, ["/comparisons/ci99_9"]);
    }

    /// Its version recorded no gates, so its verdict stands as it was.
    #[test]
    fn an_older_file_keeps_its_verdict() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/results/older_file");
        let results = Results::read(&folder).unwrap();
        assert!(results.valid && results.gates.len() == 1);
        assert_eq!(results.gates[0].passed, Some(true));
        assert!(results.trials.iter().any(|trial| trial.is_control));
    }
}

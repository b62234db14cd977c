//! A whole run, as its file has it.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};

use super::{
    estimate::{Comparison, Estimate},
    older,
    setting::{Baseline, Environment},
    trial::Trial,
};
use crate::scenario::Experiment;

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
    /// Why the campaign is not valid, a sentence each.
    pub reasons: Vec<String>,
    pub baseline: Baseline,
    pub trials: Vec<Trial>,
    #[serde(deserialize_with = "older::of_known_metrics")]
    pub estimates: Vec<Estimate>,
    #[serde(deserialize_with = "older::of_known_metrics")]
    pub comparisons: Vec<Comparison>,
}

/// What was asked for, with everything that was left open filled in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScenarioRecord {
    pub name: String,
    pub title: String,
    pub question: String,
    pub quick: bool,
    /// Trials that were planned; fewer are in `trials` when the run was interrupted.
    pub planned_trials: u32,
    pub seconds: f64,
    pub experiments: serde_json::Map<String, serde_json::Value>,
}

impl Results {
    /// # Errors
    /// A file that is not there, cannot be read or is not of this format.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(folder.join("results.json"))?;
        let mut results: Results = serde_json::from_str(&text)?;
        older::mark_controls(&mut results.trials, &mut results.comparisons);
        Ok(results)
    }

    /// # Errors
    /// A folder that cannot be written to.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        fs::write(folder.join("results.json"), text + "\n")
    }

    /// The experiment of this name, as it was resolved.
    pub fn experiment(&self, name: &str) -> Option<Experiment> {
        let value = self.scenario.experiments.get(name)?;
        serde_json::from_value(value.clone()).ok()
    }
}

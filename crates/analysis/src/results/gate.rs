//! The gates of a campaign: what must hold so that its figures are valid.

use serde::{Deserialize, Serialize};

/// A gate: its condition, what was found, and whether that passed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    pub name: String,
    pub condition: String,
    pub found: String,
    /// `false` makes the campaign invalid. `null` where the gate only informs, or where its value is
    /// unknown.
    pub passed: Option<bool>,
    /// Why it was not passed, one sentence each; empty otherwise.
    pub reasons: Vec<String>,
}

//! A gate, as the page shows it.

pub struct Gate {
    pub name: &'static str,
    pub condition: &'static str,
    pub found: String,
    /// `None` if the gate has no condition, or its value is unknown.
    pub passed: Option<bool>,
}

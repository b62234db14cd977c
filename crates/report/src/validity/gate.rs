//! A gate, as the page tells of it.

pub struct Gate {
    pub name: &'static str,
    pub asks: &'static str,
    pub found: String,
    /// `None` where nothing is demanded, or nothing known.
    pub passed: Option<bool>,
}

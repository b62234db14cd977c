//! A table of texts, for what is not a value of a cell and a metric.

/// A table with a heading and a note above it.
pub struct PlainTable {
    pub title: &'static str,
    pub note: String,
    pub columns: Vec<&'static str>,
    /// The first text of a row names it.
    pub rows: Vec<Vec<String>>,
}

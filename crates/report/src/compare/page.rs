//! The comparison as a page.

use askama::Template;

use super::{
    change::{Change, ChangeKind, RunComparison},
    unsaid::{self, UnsaidRow},
};

#[derive(Template)]
#[template(path = "compare.html")]
pub struct ComparisonPage<'a> {
    comparison: &'a RunComparison,
    summary: String,
    /// The changes that are not noise, the largest first.
    changed: Vec<&'a Change>,
    noise: Vec<&'a Change>,
    unsaid: Vec<UnsaidRow<'a>>,
}

pub fn page(comparison: &RunComparison) -> ComparisonPage<'_> {
    let of = |noise: bool| {
        let mut found: Vec<_> = comparison
            .changes
            .iter()
            .filter(|change| (change.kind == ChangeKind::Noise) == noise)
            .collect();
        found.sort_by(|a, b| b.magnitude().total_cmp(&a.magnitude()));
        found
    };
    ComparisonPage {
        summary: comparison.summary(),
        changed: of(false),
        noise: of(true),
        unsaid: unsaid::rows(&comparison.unsaid),
        comparison,
    }
}

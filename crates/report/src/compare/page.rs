//! The comparison as a page.

use askama::Template;

use super::change::{Change, ChangeKind, Comparison};

#[derive(Template)]
#[template(path = "compare.html")]
pub struct Page<'a> {
    comparison: &'a Comparison,
    summary: String,
    /// What stands clear of noise, the largest change first.
    changed: Vec<&'a Change>,
    noise: Vec<&'a Change>,
}

pub fn page(comparison: &Comparison) -> Page<'_> {
    let of = |noise: bool| {
        let mut found: Vec<_> = comparison
            .changes
            .iter()
            .filter(|change| (change.kind == ChangeKind::Noise) == noise)
            .collect();
        found.sort_by(|a, b| size(b).total_cmp(&size(a)));
        found
    };
    Page {
        summary: comparison.summary(),
        changed: of(false),
        noise: of(true),
        comparison,
    }
}

fn size(change: &Change) -> f64 {
    change.ratio.value.ln().abs()
}

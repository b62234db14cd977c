//! Two runs side by side, or several against the first: what changed, and what is noise.

mod change;
mod page;
#[cfg(test)]
mod tests;
mod text;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use askama::Template;

use analysis::{
    cells::Cell,
    results::{Environment, Estimate, Results},
    stats,
};
pub use change::{Change, ChangeKind, Comparison};

use super::{data::Data, ratio::Ratio};

/// Holds each run against the first.
///
/// # Errors
/// Fewer than two runs.
pub fn compare(runs: &[(String, Results)]) -> Result<Comparison, String> {
    let [(_, first), others @ ..] = runs else {
        return Err("there is no run to compare".into());
    };
    if others.is_empty() {
        return Err("one run alone cannot be compared".into());
    }
    let first_data = Data::new(first);
    let changes = others
        .iter()
        .flat_map(|(name, run)| changes(&first_data, name, &Data::new(run)));
    Ok(Comparison {
        changes: changes.collect(),
        notes: notes(runs),
        runs: runs.iter().map(|(name, _)| name.clone()).collect(),
    })
}

/// Writes `compare.html` into `folder`, and returns its path.
///
/// # Errors
/// A folder that cannot be written to.
pub fn write(comparison: &Comparison, folder: &Path) -> io::Result<PathBuf> {
    let page = page::page(comparison).render().map_err(io::Error::other)?;
    let path = folder.join("compare.html");
    fs::create_dir_all(folder)?;
    fs::write(&path, page)?;
    Ok(path)
}

/// What became worse by more than the share `fail_over` (0.05 for 5 %), with the whole interval
/// beyond 1.
pub fn regressions(comparison: &Comparison, fail_over: f64) -> Vec<&Change> {
    let fails =
        |change: &&Change| change.kind == ChangeKind::Worse && change.badness() > 1.0 + fail_over;
    comparison.changes.iter().filter(fails).collect()
}

/// Whatever both runs have an estimate of, and its trials' values.
fn changes(before: &Data, name: &str, after: &Data) -> Vec<Change> {
    let known = before
        .results
        .estimates
        .iter()
        .filter(|estimate| estimate.value.is_some());
    known
        .filter_map(|estimate| change(before, name, after, estimate))
        .collect()
}

fn change(before: &Data, name: &str, after: &Data, estimate: &Estimate) -> Option<Change> {
    let metric = estimate.metric;
    let (old, new) = (cell(before, estimate)?, cell(after, estimate)?);
    let value = after.measured(new, metric)?;
    let ratio = Ratio::from(stats::welch(&new.values(metric), &old.values(metric))?);
    Some(Change {
        run: name.to_owned(),
        experiment: estimate.experiment.clone(),
        transport: estimate.transport,
        level: estimate.level.clone(),
        metric,
        before: estimate.value?,
        after: value.value,
        ratio,
        kind: ChangeKind::of(metric, ratio),
    })
}

/// At the very level, unlike [`Data::cell`].
fn cell<'d, 'a>(data: &'d Data<'a>, estimate: &Estimate) -> Option<&'d Cell<'a>> {
    let level = estimate.level.as_ref();
    data.cell(&estimate.experiment, estimate.transport, level)
        .filter(|cell| cell.level == level)
}

fn notes(runs: &[(String, Results)]) -> Vec<String> {
    let invalid = runs.iter().filter(|(_, run)| !run.valid);
    let mut notes: Vec<String> = invalid
        .map(|(name, run)| format!("{name} is not valid: {}", run.reasons.join(" ")))
        .collect();
    let (name, first) = &runs[0];
    for (other, run) in &runs[1..] {
        let differs = differences(&first.environment, &run.environment);
        if !differs.is_empty() {
            notes.push(format!(
                "{other} ran under other conditions than {name}: {}.",
                differs.join("; ")
            ));
        }
    }
    notes
}

fn differences(a: &Environment, b: &Environment) -> Vec<String> {
    let unknown = || "unknown".to_owned();
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(unknown);
    let pairs = [
        ("processor", shown(&a.cpu), shown(&b.cpu)),
        ("kernel", shown(&a.kernel), shown(&b.kernel)),
        ("cores", a.cores.to_string(), b.cores.to_string()),
        ("version", a.version.clone(), b.version.clone()),
        ("commit", shown(&a.commit), shown(&b.commit)),
        ("build", a.build_profile.clone(), b.build_profile.clone()),
        (
            "server's arguments",
            a.server_arguments.join(" "),
            b.server_arguments.join(" "),
        ),
    ];
    let differ = pairs.into_iter().filter(|(_, a, b)| a != b);
    differ
        .map(|(what, a, b)| format!("{what} {a} → {b}"))
        .collect()
}

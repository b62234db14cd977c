//! The comparison of runs with the first one: which metrics changed, and which differences are
//! noise.

mod change;
mod effect;
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
    cell_trials::CellTrials,
    results::{Environment, Estimate, IntervalsCover, Results},
};
pub use change::{Change, ChangeKind, Difference, Effect, RunComparison};
use effect::{Side, effect};

use super::data::Data;

/// Compares each run with the first.
///
/// # Errors
/// Fewer than two runs.
pub fn compare(runs: &[(String, Results)]) -> Result<RunComparison, String> {
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
    Ok(RunComparison {
        changes: changes.collect(),
        notes: notes(runs),
        runs: runs.iter().map(|(name, _)| name.clone()).collect(),
    })
}

/// Writes `compare.html` into `folder`, and returns its path.
///
/// # Errors
/// The folder cannot be written to.
pub fn write(comparison: &RunComparison, folder: &Path) -> io::Result<PathBuf> {
    let page = page::page(comparison).render().map_err(io::Error::other)?;
    let path = folder.join("compare.html");
    fs::create_dir_all(folder)?;
    fs::write(&path, page)?;
    Ok(path)
}

/// The metrics that got worse by more than the share `fail_over` (0.05 for 5 %) and whose interval
/// excludes no effect. For a share, `fail_over` is in percentage points.
pub fn regressions(comparison: &RunComparison, fail_over: f64) -> Vec<&Change> {
    let fails =
        |change: &&Change| change.kind == ChangeKind::Worse && change.worsening() > fail_over;
    comparison.changes.iter().filter(fails).collect()
}

/// The changes of all metrics that both runs have estimates of.
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

/// `None` where a value is unknown or only a lower bound.
fn change(before: &Data, name: &str, after: &Data, estimate: &Estimate) -> Option<Change> {
    let metric = estimate.metric;
    let (old, new) = (cell(before, estimate)?, cell(after, estimate)?);
    if old.is_censored(metric) || new.is_censored(metric) {
        return None;
    }
    let (earlier, later) = (estimate.value?, after.measured(new, metric)?.value);
    let sides = [(old, earlier), (new, later)].map(|(cell, value)| Side { cell, value });
    let (effect, covers) = effect(metric, &sides[0], &sides[1])?;
    Some(Change {
        run: name.to_owned(),
        experiment: estimate.experiment.clone(),
        transport: estimate.transport,
        level: estimate.level.clone(),
        metric,
        before: earlier,
        after: later,
        kind: ChangeKind::of(metric, effect),
        effect,
        covers,
    })
}

/// The cell of an estimate, at exactly its level, unlike [`Data::cell`].
fn cell<'d, 'a>(data: &'d Data<'a>, estimate: &Estimate) -> Option<&'d CellTrials<'a>> {
    let level = estimate.level.as_ref();
    data.cell(&estimate.experiment, estimate.transport, level)
        .filter(|cell| cell.level == level)
}

fn notes(runs: &[(String, Results)]) -> Vec<String> {
    let invalid = runs.iter().filter(|(_, run)| !run.valid);
    let mut notes: Vec<String> = invalid
        .map(|(name, run)| format!("{name} is invalid: {}", run.reasons.join(" ")))
        .collect();
    let (name, first) = &runs[0];
    for (other, run) in &runs[1..] {
        notes.extend(between_runs((name, first), (other, run)));
        let differences = environment_differences(&first.environment, &run.environment);
        if !differences.is_empty() {
            notes.push(format!(
                "{other} ran under different conditions than {name}: {}.",
                differences.join("; ")
            ));
        }
    }
    notes
}

/// Where the variance between runs is known of one of the two only.
fn between_runs(a: (&str, &Results), b: (&str, &Results)) -> Option<String> {
    let (several, single) = match (a.1.intervals_cover, b.1.intervals_cover) {
        (IntervalsCover::Runs, IntervalsCover::Run) => (a.0, b.0),
        (IntervalsCover::Run, IntervalsCover::Runs) => (b.0, a.0),
        (IntervalsCover::Run, IntervalsCover::Run)
        | (IntervalsCover::Runs, IntervalsCover::Runs) => return None,
    };
    Some(format!(
        "{single} is a single run: the variance between the runs of {several} stands for both."
    ))
}

fn environment_differences(a: &Environment, b: &Environment) -> Vec<String> {
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
            "server arguments",
            a.server_arguments.join(" "),
            b.server_arguments.join(" "),
        ),
    ];
    let differ = pairs.into_iter().filter(|(_, a, b)| a != b);
    differ
        .map(|(what, a, b)| format!("{what} {a} → {b}"))
        .collect()
}

//! The comparison of runs with the first one: which metrics changed, which differences are noise, and
//! of which nothing can be said.

mod change;
mod effect;
mod lists;
mod page;
#[cfg(test)]
mod tests;
mod text;
mod unsaid;

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
pub use unsaid::{Unsaid, Why};

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
    let (mut changes, mut unsaid) = (Vec::new(), Vec::new());
    for (name, run) in others {
        let data = Data::new(run);
        for estimate in &first.estimates {
            match change(&first_data, name, &data, estimate) {
                Ok(change) => changes.push(change),
                Err(why) => unsaid.push(Unsaid::of(name, estimate, why)),
            }
        }
        unsaid.extend(unsaid::only_after(&first_data, name, &data));
    }
    Ok(RunComparison {
        changes,
        unsaid,
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

/// The change of an estimate of the first run, or why nothing can be said of it.
fn change(before: &Data, name: &str, after: &Data, estimate: &Estimate) -> Result<Change, Why> {
    let metric = estimate.metric;
    let old = cell(before, estimate).ok_or(Why::NoValue)?;
    let new = cell(after, estimate).ok_or(Why::OnlyBefore)?;
    if old.is_censored(metric) || new.is_censored(metric) {
        return Err(Why::LowerBound);
    }
    if [old, new]
        .iter()
        .all(|cell| cell.values_by_trial(metric).is_empty())
    {
        return Err(Why::NothingMeasured);
    }
    let earlier = estimate.value.ok_or(Why::NoValue)?;
    let later = after.measured(new, metric).ok_or(Why::NoValue)?.value;
    let sides = [(old, earlier), (new, later)].map(|(cell, value)| Side { cell, value });
    let (effect, covers) = effect(metric, &sides[0], &sides[1]).ok_or(Why::TooFew)?;
    Ok(Change {
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

//! Whether a campaign may be believed, and if not, why.

use crate::{
    cells::Cell,
    results::{Comparison, InvalidKind, Trial, place},
    stats::ENOUGH,
};

/// A sentence for each thing that makes the campaign invalid.
pub fn reasons(
    trials: &[Trial],
    cells: &[Cell],
    comparisons: &[Comparison],
    planned: u32,
) -> Vec<String> {
    let mut reasons = Vec::new();
    if trials.len() < planned as usize {
        let run = trials.len();
        reasons.push(format!("interrupted: {run} of {planned} trials were run"));
    }
    reasons.extend(trials.iter().filter_map(audit));
    reasons.extend(trials.iter().filter_map(disagrees));
    reasons.extend(cells.iter().filter_map(too_few));
    reasons.extend(gate(comparisons));
    reasons
}

fn audit(trial: &Trial) -> Option<String> {
    let Trial {
        lost,
        duplicated,
        reordered,
        ..
    } = trial;
    (lost + duplicated + reordered > 0).then(|| {
        let name = trial.name();
        format!("{name}: {lost} lost, {duplicated} duplicated, {reordered} reordered")
    })
}

/// Bytes that the kernel counted otherwise are an error of the lab, not noise.
fn disagrees(trial: &Trial) -> Option<String> {
    let reason = trial.void.as_ref()?.reason(InvalidKind::Bytes)?;
    Some(format!("{}: {}", trial.name(), reason.told))
}

fn too_few(cell: &Cell) -> Option<String> {
    let (valid, run) = (cell.trials.len(), cell.run.len());
    if valid >= ENOUGH {
        return None;
    }
    let mut why: Vec<_> = cell
        .run
        .iter()
        .filter_map(|trial| Some(trial.void.as_ref()?.told()))
        .collect();
    why.sort_unstable();
    why.dedup();
    let name = place(cell.experiment, cell.transport.name(), cell.level);
    let why = if why.is_empty() {
        String::new()
    } else {
        format!(": {}", why.join("; "))
    };
    Some(format!(
        "{name}: {valid} valid trials of {run}, {ENOUGH} are needed{why}"
    ))
}

/// The A/A cell: one transport must not differ from itself.
fn gate(comparisons: &[Comparison]) -> Vec<String> {
    let twins = comparisons.iter().filter(|found| found.is_control);
    let twins: Vec<_> = twins.collect();
    if twins.is_empty() {
        return vec!["no A/A cell: nothing shows how much chance alone makes of the same".into()];
    }
    twins.into_iter().filter_map(fails).collect()
}

fn fails(twins: &Comparison) -> Option<String> {
    let name = place(&twins.experiment, &twins.a, twins.level.as_ref());
    match twins.ci99_9 {
        Some([low, high]) if low <= 1.0 && 1.0 <= high => None,
        Some([low, high]) => Some(format!(
            "A/A cell, {name}: the mean delivery latency differs from itself, by a factor of \
             {low:.3} to {high:.3} (99.9 %), which does not hold 1"
        )),
        None => Some(format!(
            "A/A cell, {name}: fewer than {ENOUGH} blocks have both labels with a valid trial"
        )),
    }
}

//! Whether a campaign is valid, and if not, why.

use crate::{
    cell_trials::CellTrials,
    results::{Comparison, InvalidKind, Trial, cell_name},
    stats::MIN_TRIALS,
};

/// One sentence for each reason that makes the campaign invalid.
pub fn reasons(
    trials: &[Trial],
    cells: &[CellTrials],
    comparisons: &[Comparison],
    planned: u32,
) -> Vec<String> {
    let mut reasons = Vec::new();
    if trials.len() < planned as usize {
        let run = trials.len();
        reasons.push(format!("interrupted: {run} of {planned} trials were run"));
    }
    reasons.extend(trials.iter().filter_map(misdelivered));
    reasons.extend(trials.iter().filter_map(bytes_disagree));
    reasons.extend(cells.iter().filter_map(too_few_valid));
    reasons.extend(control_gate(comparisons));
    reasons
}

fn misdelivered(trial: &Trial) -> Option<String> {
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

/// Byte counts that differ from the kernel's are an error of the lab, not noise. One such trial
/// makes the campaign invalid.
fn bytes_disagree(trial: &Trial) -> Option<String> {
    let reason = trial.invalidity.as_ref()?.reason(InvalidKind::Bytes)?;
    Some(format!("{}: {}", trial.name(), reason.text))
}

fn too_few_valid(cell: &CellTrials) -> Option<String> {
    let shortage = cell.shortage()?;
    let mut why: Vec<_> = cell
        .all
        .iter()
        .filter_map(|trial| Some(trial.invalidity.as_ref()?.text()))
        .collect();
    why.sort_unstable();
    why.dedup();
    let name = cell_name(cell.experiment, cell.transport.name(), cell.level);
    let why = if why.is_empty() {
        String::new()
    } else {
        format!(": {}", why.join("; "))
    };
    Some(format!("{name}: {shortage}{why}"))
}

/// The control (A/A): a cell must not differ from itself.
fn control_gate(comparisons: &[Comparison]) -> Vec<String> {
    let controls = comparisons.iter().filter(|found| found.is_control);
    let controls: Vec<_> = controls.collect();
    if controls.is_empty() {
        return vec![
            "no A/A cell: the run does not show how far two equal cells differ by chance".into(),
        ];
    }
    controls.into_iter().filter_map(differs).collect()
}

fn differs(control: &Comparison) -> Option<String> {
    let name = cell_name(&control.experiment, &control.a, control.level.as_ref());
    match control.ci99_9 {
        Some([low, high]) if low <= 1.0 && 1.0 <= high => None,
        Some([low, high]) => Some(format!(
            "A/A cell, {name}: the mean delivery latencies of the two equal cells differ by a \
             factor of {low:.3} to {high:.3} (99.9 % interval), which does not include 1"
        )),
        None => Some(format!(
            "A/A cell, {name}: fewer than {MIN_TRIALS} blocks have a valid trial under both labels"
        )),
    }
}

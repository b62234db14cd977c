//! Gates on all trials of a campaign together.

use super::{limits::PHASE_P_VALUE, stall::stall_us};
use crate::{
    cell_trials::CellTrials,
    cost,
    results::{Gate, InvalidKind, Results, Trial},
    stats::fisher,
};

pub fn complete(results: &Results) -> Gate {
    let (run, planned) = (results.trials.len(), results.scenario.planned_trials);
    let reason = (run < planned as usize)
        .then(|| format!("interrupted: {run} of {planned} trials were run"));
    judged(
        "Complete",
        "Every planned trial was run.",
        format!("{run} of {planned} trials"),
        reason.into_iter().collect(),
    )
}

pub fn accounted(results: &Results) -> Gate {
    let sum = |of: fn(&Trial) -> u64| results.trials.iter().map(of).sum::<u64>();
    let found = format!(
        "{} deliveries due; {} lost, {} duplicated, {} reordered",
        sum(|trial| trial.expected),
        sum(|trial| trial.lost),
        sum(|trial| trial.duplicated),
        sum(|trial| trial.reordered)
    );
    let misdelivered = |trial: &Trial| {
        let (lost, duplicated, reordered) = (trial.lost, trial.duplicated, trial.reordered);
        (lost + duplicated + reordered > 0).then(|| {
            let name = trial.name();
            format!("{name}: {lost} lost, {duplicated} duplicated, {reordered} reordered")
        })
    };
    judged(
        "Every message accounted for",
        "The numbers of lost, duplicated and reordered deliveries of all trials must be 0.",
        found,
        results.trials.iter().filter_map(misdelivered).collect(),
    )
}

/// Byte counts that differ from the kernel's are an error of the lab, not noise. One such trial
/// makes the campaign invalid.
pub fn reconciled(results: &Results) -> Gate {
    let name = "Bytes reconciled";
    let condition = "The bytes counted at the client's socket must equal those of the kernel's TCP_INFO, for \
                     every connection from its start to its end, apart from those of SYN and FIN.";
    if !results.environment.tcp_info {
        let found = "this platform has no TCP_INFO, so IP bytes are unknown";
        return informing(name, condition, found.into());
    }
    let differs = |trial: &Trial| {
        let reason = trial.invalidity.as_ref()?.reason(InvalidKind::Bytes)?;
        Some(format!("{}: {}", trial.name(), reason.text))
    };
    let reasons: Vec<_> = results.trials.iter().filter_map(differs).collect();
    let trials = results.trials.len();
    let found = match reasons.len() {
        0 => format!("no difference in {trials} trials"),
        differ => format!("{differ} of {trials} trials differ"),
    };
    judged(name, condition, found, reasons)
}

/// The phase of short polls: messages must be equally likely at every point of the cycle.
pub fn phases(results: &Results) -> Option<Gate> {
    let tests = results.trials.iter().filter(|trial| {
        // A stall of the server is a result, and it shifts the phases.
        let has_latencies = !cost::is_measured_by(&trial.experiment);
        has_latencies && trial.invalidity.is_none() && stall_us(trial).is_none()
    });
    let p_values: Vec<_> = tests
        .filter_map(|trial| Some(trial.uniform?.p_value))
        .collect();
    let pooled = fisher(&p_values)?;
    let reason = (pooled < PHASE_P_VALUE).then(|| {
        format!(
            "the phases of short polls are not uniform: the pooled p-value of {} tests is {pooled:.2e}",
            p_values.len()
        )
    });
    Some(judged(
        "Phase of short polls",
        &format!(
            "The Kolmogorov–Smirnov test of (delivery latency − d)/C against U(0,1) in each valid trial, pooled by \
             Fisher's method. It fails if polls are synchronised with the publisher. The pooled p-value \
             must be at least {PHASE_P_VALUE}."
        ),
        format!("pooled p-value of {} trials: {pooled:.3}", p_values.len()),
        reason.into_iter().collect(),
    ))
}

pub fn enough_valid(results: &Results, cells: &[CellTrials]) -> Gate {
    let invalid = results
        .trials
        .iter()
        .filter(|trial| trial.invalidity.is_some());
    let reasons: Vec<_> = cells.iter().filter_map(too_few_valid).collect();
    judged(
        "Valid trials",
        "An invalid trial is left out and not run again. Each cell needs at least 3 valid trials, with \
         several runs from 3 of them, or it has no estimates.",
        format!(
            "{} of {} trials invalid; {} of {} cells, controls included, have too few valid ones",
            invalid.count(),
            results.trials.len(),
            reasons.len(),
            cells.len()
        ),
        reasons,
    )
}

fn too_few_valid(cell: &CellTrials) -> Option<String> {
    let shortage = cell.shortage()?;
    let trials = cell.all.iter();
    let mut why: Vec<_> = trials
        .filter_map(|trial| Some(trial.invalidity.as_ref()?.text()))
        .collect();
    why.sort_unstable();
    why.dedup();
    let why = match why.is_empty() {
        true => String::new(),
        false => format!(": {}", why.join("; ")),
    };
    Some(format!("{}: {shortage}{why}", cell.name()))
}

/// A gate that fails for these reasons, and is passed without any.
pub fn judged(name: &str, condition: &str, found: String, reasons: Vec<String>) -> Gate {
    Gate {
        name: name.into(),
        condition: condition.into(),
        found,
        passed: Some(reasons.is_empty()),
        reasons,
    }
}

/// A gate without a condition.
pub fn informing(name: &str, condition: &str, found: String) -> Gate {
    Gate {
        name: name.into(),
        condition: condition.into(),
        found,
        passed: None,
        reasons: Vec::new(),
    }
}

//! Gates on all trials of a campaign together.

use super::{
    limits::{
        GENERATOR_SHARE, LATENESS_RANGE_US, LATENESS_SHARE, OTHER_LOAD, PHASE_P_VALUE, RUN_DELAY,
        STEAL,
    },
    stall::stall_us,
    trial::raw_quantile,
};
use crate::{
    cell_trials::CellTrials,
    results::{Gate, InvalidKind, Results, Trial},
    samples::SamplesRecord,
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

/// The gates of the single trials: how many trials each has made invalid, and the worst value.
pub fn of_single_trials(results: &Results) -> Vec<Gate> {
    let [least, most] = LATENESS_RANGE_US.map(|limit| limit / 1e3);
    let share = LATENESS_SHARE * 100.0;
    let lateness = format!(
        "Its p99 must be at most {share} % of the smallest median latency of the block at the level, \
         but at least {least} ms and at most {most} ms are accepted: one limit for all transports."
    );
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let p99 = |record: &SamplesRecord| raw_quantile(record, 0.99);
    let ms = |us: f64| format!("{:.2} ms at p99", us / 1e3);
    let largest = |of: &dyn Fn(&Trial) -> Option<f64>| {
        let known = results.trials.iter().filter_map(of);
        known.reduce(f64::max)
    };
    let row = |name: &str, what: &str, kind, worst: Option<String>| {
        of_kind(results, name, what, kind, worst)
    };
    vec![
        row(
            "Schedule delay",
            &format!("How much later than scheduled the publisher sent a message. {lateness}"),
            InvalidKind::ScheduleDelay,
            largest(&|trial| p99(&trial.generator.schedule_delay_us)).map(ms),
        ),
        row(
            "Receiver lag",
            &format!(
                "How long messages had been in the kernel when a receiver read them. {lateness} A load \
                 ramp is not judged by it."
            ),
            InvalidKind::ReceiverLag,
            largest(&|trial| p99(trial.generator.lag_us.as_ref()?)).map(ms),
        ),
        row(
            "Other load",
            &format!(
                "The share of the span in which a core was neither idle nor used by the lab and its \
                 server. At most {}.",
                percent(OTHER_LOAD)
            ),
            InvalidKind::OtherLoad,
            largest(&|trial| {
                let load = &trial.other_load;
                load.server_core
                    .into_iter()
                    .chain(load.generator_core)
                    .reduce(f64::max)
            })
            .map(percent),
        ),
        row(
            "Run-queue delay",
            &format!(
                "How long the threads of server and lab waited for a processor, beyond the time that \
                 threads of the same process ran. At most {} of the span. A load ramp is not judged by it.",
                percent(RUN_DELAY)
            ),
            InvalidKind::RunDelay,
            None,
        ),
        row(
            "Generator",
            &format!(
                "The processor time of the lab, as a share of its core. At most {}. A load ramp checks \
                 it at each step.",
                percent(GENERATOR_SHARE)
            ),
            InvalidKind::Generator,
            largest(&|trial| {
                let is_ramp = trial.capacity.is_some();
                let cpu_us = trial.generator.cpu_us.filter(|_| !is_ramp)?;
                Some(cpu_us / 1e6 / trial.seconds)
            })
            .map(percent),
        ),
        row(
            "Steal time",
            &format!(
                "The share of processor time that the hypervisor gave to others. At most {}.",
                percent(STEAL)
            ),
            InvalidKind::Steal,
            largest(&|trial| trial.steal_share).map(percent),
        ),
        row(
            "Link lateness",
            &format!("How late the emulated link forwarded a piece of data. {lateness}"),
            InvalidKind::Link,
            largest(&|trial| p99(trial.link_error_us.as_ref()?)).map(ms),
        ),
        row(
            "Clock and faults",
            "The wall clock was not stepped, and nothing failed: no request was refused, every client \
             connected and caught up.",
            InvalidKind::Fault,
            None,
        ),
    ]
}

/// A gate that has made trials invalid informs: these trials are left out, and the gate of the valid
/// trials decides whether enough are left.
fn of_kind(
    results: &Results,
    name: &str,
    condition: &str,
    kind: InvalidKind,
    worst: Option<String>,
) -> Gate {
    let invalid = results.trials.iter().filter(|trial| match kind {
        InvalidKind::Fault => {
            trial.is_invalid_for(InvalidKind::Fault) || trial.is_invalid_for(InvalidKind::Clock)
        }
        kind => trial.is_invalid_for(kind),
    });
    let invalid = invalid.count();
    let known = worst.is_some() || matches!(kind, InvalidKind::Fault | InvalidKind::RunDelay);
    let worst = match worst {
        Some(worst) => format!("worst trial {worst}; "),
        None => String::new(),
    };
    let found = match known {
        true => format!(
            "{worst}{invalid} of {} trials invalid",
            results.trials.len()
        ),
        false => "unknown: this platform or version did not measure it".into(),
    };
    Gate {
        name: name.into(),
        condition: condition.into(),
        found,
        passed: (known && invalid == 0).then_some(true),
        reasons: Vec::new(),
    }
}

/// The phase of short polls: messages must be equally likely at every point of the cycle.
pub fn phases(results: &Results) -> Option<Gate> {
    let tests = results.trials.iter().filter(|trial| {
        // A stall of the server is a result, and it shifts the phases.
        trial.invalidity.is_none() && stall_us(trial).is_none()
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
            "The Kolmogorov–Smirnov test of (L − d)/C against U(0,1) in each valid trial, pooled by \
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
        "An invalid trial is left out and not run again. Each cell needs at least 3 valid trials, or it \
         has no estimates.",
        format!(
            "{} of {} trials invalid; {} of {} cells have too few valid ones",
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

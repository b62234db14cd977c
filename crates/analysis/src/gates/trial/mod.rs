//! The gates of a trial: what was measured beside its figures, against limits that are stated once
//! for each block and level.

#[cfg(test)]
mod tests;

use super::limits::{
    GENERATOR_SHARE, LAG_MEAN_RANGE_US, LAG_MEAN_SHARE, LAG_TAIL_SHARE, LATENESS_RANGE_US,
    LATENESS_SHARE, OTHER_LOAD, RUN_DELAY, STEAL, TAIL_SAMPLES,
};
use super::stall::{has_stall, is_others_doing};
use crate::{
    cost,
    results::{InvalidKind, Invalidity, Limit, Reason, Trial},
    samples::SamplesRecord,
    scenario::Level,
};

/// The kinds of reasons that [`judge`] gives. All others come from the lab, which alone can see
/// them.
const JUDGED: [InvalidKind; 8] = [
    InvalidKind::Account,
    InvalidKind::ScheduleDelay,
    InvalidKind::ReceiverLag,
    InvalidKind::RunDelay,
    InvalidKind::OtherLoad,
    InvalidKind::Link,
    InvalidKind::Generator,
    InvalidKind::Steal,
];

/// Judges every trial by its evidence, and sets why it is invalid. The trials of a block must be
/// complete: the limits depend on the smallest latency among them.
pub fn judge(trials: &mut [Trial]) {
    let judged: Vec<_> = trials
        .iter()
        .map(|trial| reasons(trial, smallest_median_us(trial, trials)))
        .collect();
    for (trial, mut reasons) in trials.iter_mut().zip(judged) {
        if let Some(found) = &trial.invalidity {
            reasons.extend(found.without(&JUDGED));
        }
        trial.invalidity = Invalidity::of(reasons);
    }
}

/// The smallest median latency of the trials of its block at its level, in microseconds. A trial at
/// a level that another transport does not have is at the level of that one too.
fn smallest_median_us(trial: &Trial, trials: &[Trial]) -> f64 {
    let beside = trials.iter().filter(|other| {
        other.experiment == trial.experiment
            && other.run == trial.run
            && other.repetition == trial.repetition
            && includes(trial.level.as_ref(), other.level.as_ref())
    });
    let medians = beside.filter_map(|other| raw_quantile(&other.delivery_us, 0.5));
    medians.reduce(f64::min).unwrap_or_default()
}

/// A share of the median, within a range.
fn limit_us(share: f64, median_us: f64, [least, most]: [f64; 2]) -> f64 {
    (share * median_us).clamp(least, most)
}

fn includes(a: Option<&Level>, b: Option<&Level>) -> bool {
    let within = |outer: Option<&Level>, inner: Option<&Level>| match outer {
        Some(outer) => outer.contains(inner),
        None => inner.is_none(),
    };
    within(a, b) || within(b, a)
}

fn reasons(trial: &Trial, median_us: f64) -> Vec<Reason> {
    // A load ramp overloads on purpose, and checks the generator at each step.
    let is_ramp = trial.capacity.is_some();
    // The experiment on costs has no latencies that lateness could spoil.
    let has_latencies = !cost::is_measured_by(&trial.experiment);
    let is_burst = is_ramp || has_stall(trial);
    let found = [
        account(trial),
        schedule_delay(trial, median_us).filter(|_| has_latencies),
        lag_tail(trial, median_us).filter(|_| has_latencies && !is_burst),
        lag_mean(trial, median_us).filter(|_| has_latencies && !is_burst),
        link(trial, median_us).filter(|_| has_latencies),
        other_load(trial),
        long_answer(trial).filter(|_| !is_ramp),
        run_delay(trial).filter(|_| !is_burst),
        generator(trial).filter(|_| !is_ramp),
        steal(trial),
    ];
    found.into_iter().flatten().collect()
}

/// A reason if this quantile of some samples is over the limit.
fn late(
    record: &SamplesRecord,
    q: f64,
    limit_us: f64,
    kind: InvalidKind,
    what: &str,
) -> Option<Reason> {
    let late = raw_quantile(record, q).filter(|late| *late > limit_us)?;
    let (late, limit, percent) = (late / 1e3, limit_us / 1e3, q * 100.0);
    let text = format!("{what} {late:.2} ms at p{percent:.0}, over {limit:.2} ms");
    Some(Reason::new(kind, text))
}

/// A load ramp counts latency from the scheduled instant. A late publisher can only lower a capacity
/// that is a lower bound anyway; elsewhere the largest limit holds.
fn schedule_delay(trial: &Trial, median_us: f64) -> Option<Reason> {
    let limit = match &trial.capacity {
        Some(capacity) if capacity.limit != Limit::Latency => return None,
        Some(_) => LATENESS_RANGE_US[1],
        None => limit_us(LATENESS_SHARE, median_us, LATENESS_RANGE_US),
    };
    let what = "the publisher's schedule delay was";
    let delays = &trial.generator.schedule_delay_us;
    late(delays, 0.99, limit, InvalidKind::ScheduleDelay, what)
}

fn lag_tail(trial: &Trial, median_us: f64) -> Option<Reason> {
    let lag = trial.generator.lag_us.as_ref()?;
    let limit = limit_us(LAG_TAIL_SHARE, median_us, LATENESS_RANGE_US);
    let what = "messages waited to be read by the receivers for";
    late(lag, tail(lag.count), limit, InvalidKind::ReceiverLag, what)
}

fn lag_mean(trial: &Trial, median_us: f64) -> Option<Reason> {
    let mean = trial.generator.lag_us.as_ref()?.mean?;
    let limit = limit_us(LAG_MEAN_SHARE, median_us, LAG_MEAN_RANGE_US);
    let text = || {
        let [mean, limit] = [mean, limit].map(|us| us / 1e3);
        format!(
            "messages waited to be read by the receivers for {mean:.2} ms on average, over {limit:.2} ms"
        )
    };
    (mean > limit).then(|| Reason::new(InvalidKind::ReceiverLag, text()))
}

fn link(trial: &Trial, median_us: f64) -> Option<Reason> {
    let errors = trial.link_error_us.as_ref()?;
    let limit = limit_us(LATENESS_SHARE, median_us, LATENESS_RANGE_US);
    let what = "the emulated link was late by";
    late(errors, tail(errors.count), limit, InvalidKind::Link, what)
}

/// The quantile by which receivers and link are judged: p99, or the one that so many samples exceed.
pub fn tail(count: u64) -> f64 {
    (1.0 - TAIL_SAMPLES / count.max(1) as f64).clamp(0.5, 0.99)
}

fn account(trial: &Trial) -> Option<Reason> {
    let (lost, duplicated, reordered) = (trial.lost, trial.duplicated, trial.reordered);
    let text = || format!("{lost} messages lost, {duplicated} duplicated, {reordered} reordered");
    (lost + duplicated + reordered > 0).then(|| Reason::new(InvalidKind::Account, text()))
}

fn other_load(trial: &Trial) -> Option<Reason> {
    let cores = [
        ("server's", trial.other_load.server_core),
        ("generator's", trial.other_load.generator_core),
    ];
    let known = cores
        .into_iter()
        .filter_map(|(core, share)| Some((core, share?)));
    let (core, share) = known.max_by(|a, b| a.1.total_cmp(&b.1))?;
    let text = || {
        let [share, limit] = [share, OTHER_LOAD].map(percent);
        format!("other processes used {share} % of the {core} core, over {limit} %")
    };
    (share > OTHER_LOAD).then(|| Reason::new(InvalidKind::OtherLoad, text()))
}

/// A short disturbance of a long trial is a small share of it, and yet may delay an answer by as long
/// as it lasts.
fn long_answer(trial: &Trial) -> Option<Reason> {
    let longest = trial.post_response_us.as_ref()?.max? as f64 / 1e3;
    let text = || {
        format!(
            "the server took {longest:.0} ms to answer a post, while others used its core for much of that time"
        )
    };
    is_others_doing(trial).then(|| Reason::new(InvalidKind::OtherLoad, text()))
}

fn run_delay(trial: &Trial) -> Option<Reason> {
    let share = run_delay_share(trial)?;
    let text = || {
        let [share, limit] = [share, RUN_DELAY].map(percent);
        format!(
            "threads of server or lab waited for a processor in {share} % of the span, over {limit} %"
        )
    };
    (share > RUN_DELAY).then(|| Reason::new(InvalidKind::RunDelay, text()))
}

/// The time that the threads of server or lab waited for a processor, whichever is more, as a share
/// of the span. The threads of a process share a core and so keep each other waiting, for about as
/// long as they run; what is beyond that, others have caused.
pub fn run_delay_share(trial: &Trial) -> Option<f64> {
    let span_us = trial.seconds * 1e6;
    let beyond = |delay_us: Option<f64>, cpu_us: Option<f64>| {
        Some((delay_us? - cpu_us.unwrap_or_default()).max(0.0) / span_us)
    };
    let (server, generator) = (&trial.server, &trial.generator);
    let server = beyond(server.run_delay_us, server.cpu_us);
    let lab = beyond(generator.run_delay_us, generator.cpu_us);
    server.into_iter().chain(lab).reduce(f64::max)
}

fn generator(trial: &Trial) -> Option<Reason> {
    let share = trial.generator.cpu_us? / 1e6 / trial.seconds;
    let text = || {
        let [share, limit] = [share, GENERATOR_SHARE].map(percent);
        format!("the generator used {share} % of its core, over {limit} %")
    };
    (share > GENERATOR_SHARE).then(|| Reason::new(InvalidKind::Generator, text()))
}

fn steal(trial: &Trial) -> Option<Reason> {
    let share = trial.steal_share?;
    let text = || {
        let [share, limit] = [share, STEAL].map(percent);
        format!("{share} % of the time was stolen by the host, over {limit} %")
    };
    (share > STEAL).then(|| Reason::new(InvalidKind::Steal, text()))
}

/// Per cent with one decimal, which a value just over its limit needs.
fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

/// A quantile of any number of samples; `None` without samples.
pub fn raw_quantile(record: &SamplesRecord, q: f64) -> Option<f64> {
    let samples = record.samples().ok()?;
    (samples.count() > 0).then(|| samples.raw_quantile(q) as f64)
}

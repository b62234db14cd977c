//! The gates of single trials: for each kind of evidence, how many trials it has made invalid, and
//! the worst value.

use super::{
    limits::{
        GENERATOR_SHARE, LAG_MEAN_RANGE_US, LAG_MEAN_SHARE, LAG_TAIL_SHARE, LATENESS_RANGE_US,
        LATENESS_SHARE, OTHER_LOAD, RUN_DELAY, STEAL,
    },
    trial::{raw_quantile, run_delay_share, tail},
};
use crate::{
    results::{Gate, InvalidKind, Results, Trial},
    samples::SamplesRecord,
};

/// What was late: publisher, receivers, link.
pub fn lateness(results: &Results) -> [Gate; 3] {
    let [least, most] = LATENESS_RANGE_US.map(|limit| limit / 1e3);
    let share = LATENESS_SHARE * 100.0;
    let limit = format!(
        "at most {share} % of the smallest median delivery latency of the block at the level, but at least {least} \
         ms and at most {most} ms: one limit for all transports."
    );
    let in_tail = format!(
        "Its p99, or in a trial of fewer than 1,000 samples the quantile that 10 of them exceed, must be \
         {limit}"
    );
    let ms = |us: f64| format!("{:.2} ms", us / 1e3);
    let tail_of = |record: &SamplesRecord| raw_quantile(record, tail(record.count));
    [
        of_kind(
            results,
            "Schedule delay",
            &format!(
                "How much later than scheduled the publisher sent a message. Its p99 must be {limit}"
            ),
            InvalidKind::ScheduleDelay,
            largest(results, |trial| {
                raw_quantile(&steady(trial)?.generator.schedule_delay_us, 0.99)
            })
            .map(ms),
        ),
        of_kind(
            results,
            "Receiver lag",
            &receiver_lag(),
            InvalidKind::ReceiverLag,
            largest(results, |trial| {
                tail_of(steady(trial)?.generator.lag_us.as_ref()?)
            })
            .map(ms),
        ),
        of_kind(
            results,
            "Link lateness",
            &format!("How late the emulated link forwarded a piece of data. {in_tail}"),
            InvalidKind::Link,
            largest(results, |trial| tail_of(trial.link_error_us.as_ref()?)).map(ms),
        ),
    ]
}

fn receiver_lag() -> String {
    let percent = |share: f64| share * 100.0;
    let ms = |[least, most]: [f64; 2]| {
        format!("at least {} ms and at most {} ms", least / 1e3, most / 1e3)
    };
    format!(
        "How long messages had been in the kernel when a receiver read them. Of the smallest median delivery latency \
         of the block at the level, the tail (p99, or in fewer than 1,000 samples the quantile that 10 exceed) must be at most {} % (but {}), and the mean at most {} % (but \
         {}): the same limits for all transports. A load ramp, and a trial in which the server stalled, are not judged by it.",
        percent(LAG_TAIL_SHARE),
        ms(LATENESS_RANGE_US),
        percent(LAG_MEAN_SHARE),
        ms(LAG_MEAN_RANGE_US)
    )
}

/// Who used the processors: others, the lab itself, the hypervisor.
pub fn processors(results: &Results) -> [Gate; 4] {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    [
        of_kind(
            results,
            "Other load",
            &format!(
                "The share of the span in which a core was neither idle nor used by the lab and its \
                 server. At most {}.",
                percent(OTHER_LOAD)
            ),
            InvalidKind::OtherLoad,
            largest(results, other_load).map(percent),
        ),
        of_kind(
            results,
            "Run-queue delay",
            &format!(
                "How long the threads of server and lab waited for a processor, beyond the time that \
                 threads of the same process ran. At most {} of the span. A load ramp, and a trial in which the server stalled, are not judged by it.",
                percent(RUN_DELAY)
            ),
            InvalidKind::RunDelay,
            largest(results, |trial| run_delay_share(steady(trial)?)).map(percent),
        ),
        of_kind(
            results,
            "Generator",
            &format!(
                "The processor time of the lab, as a share of its core. At most {}. A load ramp checks it \
                 at each step.",
                percent(GENERATOR_SHARE)
            ),
            InvalidKind::Generator,
            largest(results, generator).map(percent),
        ),
        of_kind(
            results,
            "Steal time",
            &format!(
                "The share of processor time that the hypervisor gave to others. At most {}.",
                percent(STEAL)
            ),
            InvalidKind::Steal,
            largest(results, |trial| trial.steal_share).map(percent),
        ),
    ]
}

pub fn clock_and_faults(results: &Results) -> Gate {
    of_kind(
        results,
        "Clock and faults",
        "The wall clock was not stepped, and nothing failed: no request was refused, every client connected \
         and caught up.",
        InvalidKind::Fault,
        None,
    )
}

fn other_load(trial: &Trial) -> Option<f64> {
    let load = &trial.other_load;
    let cores = load.server_core.into_iter().chain(load.generator_core);
    cores.reduce(f64::max)
}

fn generator(trial: &Trial) -> Option<f64> {
    let trial = steady(trial)?;
    Some(trial.generator.cpu_us? / 1e6 / trial.seconds)
}

/// The trial, unless it is a load ramp, which these gates do not judge.
fn steady(trial: &Trial) -> Option<&Trial> {
    trial.capacity.is_none().then_some(trial)
}

fn largest(results: &Results, of: impl Fn(&Trial) -> Option<f64>) -> Option<f64> {
    results.trials.iter().filter_map(of).reduce(f64::max)
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
    let known = worst.is_some() || kind == InvalidKind::Fault;
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

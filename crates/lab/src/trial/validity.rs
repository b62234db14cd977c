//! Whether a trial may count.

use analysis::results::{InvalidKind, Invalidity, Reason};

use super::load_ramp::GENERATOR_SHARE;

/// The delay that is always allowed, at the 99th percentile, in microseconds.
const SLIP_US: f64 = 1_000.0;
/// And the one allowed as a share of the median latency.
const SLIP_SHARE: f64 = 0.1;
/// The share of the time that other guests of the host may have taken.
const STEAL_SHARE: f64 = 0.02;
/// What the two clocks may have moved against each other, in nanoseconds: more is a step.
const CLOCK_STEP: i64 = 100_000;

/// What the verdict is made from.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    pub schedule_delay_p99_us: f64,
    pub median_us: Option<f64>,
    /// Of the generator's core; `None` where the trial is a ramp, which looks after that itself.
    pub generator_share: Option<f64>,
    pub steal_share: Option<f64>,
    pub clock_moved_ns: i64,
    pub lost: u64,
    pub duplicated: u64,
    pub reordered: u64,
    pub faults: Vec<Reason>,
}

/// Why it is void, if it is: everything that speaks against it.
pub fn void(evidence: &Evidence) -> Option<Invalidity> {
    let mut reasons: Vec<Reason> = [
        account(evidence),
        delay(evidence),
        generator(evidence),
        steal(evidence),
        clock(evidence),
    ]
    .into_iter()
    .flatten()
    .collect();
    // Many clients may tell the same; a disagreement about bytes is never left out.
    let faults = evidence.faults.iter();
    let (bytes, other): (Vec<_>, Vec<_>) =
        faults.partition(|fault| fault.kind == InvalidKind::Bytes);
    let first = bytes.first().into_iter().chain(other.first());
    reasons.extend(first.map(|fault| (*fault).clone()));
    Invalidity::of(reasons)
}

fn account(evidence: &Evidence) -> Option<Reason> {
    let (lost, again, late) = (evidence.lost, evidence.duplicated, evidence.reordered);
    let told = || format!("{lost} messages lost, {again} repeated, {late} out of order");
    (lost + again + late > 0).then(|| Reason::new(InvalidKind::Account, told()))
}

fn delay(evidence: &Evidence) -> Option<Reason> {
    let limit = SLIP_US.max(evidence.median_us.unwrap_or(0.0) * SLIP_SHARE);
    let (delay_ms, limit_ms) = (evidence.schedule_delay_p99_us / 1_000.0, limit / 1_000.0);
    let told =
        || format!("the publisher's delay was {delay_ms:.1} ms at p99, over {limit_ms:.1} ms");
    (evidence.schedule_delay_p99_us > limit)
        .then(|| Reason::new(InvalidKind::ScheduleDelay, told()))
}

fn generator(evidence: &Evidence) -> Option<Reason> {
    let share = evidence.generator_share.unwrap_or(0.0);
    let percent = share * 100.0;
    let told = || format!("the generator used {percent:.0} % of its core, over 80 %");
    (share > GENERATOR_SHARE).then(|| Reason::new(InvalidKind::Generator, told()))
}

fn steal(evidence: &Evidence) -> Option<Reason> {
    let share = evidence.steal_share.unwrap_or(0.0);
    let percent = share * 100.0;
    let told = || format!("{percent:.1} % of the time was stolen by the host, over 2 %");
    (share > STEAL_SHARE).then(|| Reason::new(InvalidKind::Steal, told()))
}

fn clock(evidence: &Evidence) -> Option<Reason> {
    let step_ms = evidence.clock_moved_ns as f64 / 1e6;
    let told = || format!("the wall clock was stepped by {step_ms:.1} ms");
    let stepped = evidence.clock_moved_ns.abs() > CLOCK_STEP;
    stepped.then(|| Reason::new(InvalidKind::Clock, told()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fine() -> Evidence {
        Evidence {
            schedule_delay_p99_us: 200.0,
            median_us: Some(40_000.0),
            generator_share: Some(0.3),
            steal_share: Some(0.001),
            ..Evidence::default()
        }
    }

    #[test]
    fn a_fine_trial_counts() {
        assert_eq!(void(&fine()), None);
    }

    #[test]
    fn each_gate_says_what_was_wrong() {
        type Spoil = fn(&mut Evidence);
        use InvalidKind::{Account, Bytes, Clock, Generator, ScheduleDelay, Steal};
        let cases: [(Spoil, InvalidKind, &str); 8] = [
            (
                |e| e.schedule_delay_p99_us = 4_100.0,
                ScheduleDelay,
                "delay",
            ),
            (|e| e.generator_share = Some(0.81), Generator, "generator"),
            (|e| e.steal_share = Some(0.021), Steal, "stolen"),
            (|e| e.clock_moved_ns = -200_000, Clock, "stepped"),
            (|e| e.lost = 1, Account, "1 messages lost"),
            (|e| e.duplicated = 1, Account, "1 repeated"),
            (|e| e.reordered = 1, Account, "1 out of order"),
            (
                |e| e.faults = vec![Reason::new(Bytes, "a client counted")],
                Bytes,
                "a client counted",
            ),
        ];
        for (spoil, kind, word) in cases {
            let mut evidence = fine();
            spoil(&mut evidence);
            let found = void(&evidence).unwrap();
            assert!(found.reason(kind).unwrap().told.contains(word));
        }
    }

    #[test]
    fn of_many_faults_the_first_is_told_and_never_without_the_bytes() {
        let faults = ["closed", "closed again"].map(|told| Reason::new(InvalidKind::Fault, told));
        let bytes = Reason::new(InvalidKind::Bytes, "a client counted 3");
        let faults = faults.into_iter().chain([bytes]).collect();
        let found = void(&Evidence { faults, ..fine() }).unwrap();
        assert_eq!(found.told(), "a client counted 3; closed");
    }

    #[test]
    fn a_tenth_of_a_long_latency_may_slip() {
        let slow = Evidence {
            schedule_delay_p99_us: 3_900.0,
            ..fine()
        };
        assert_eq!(void(&slow), None);
        let quick = Evidence {
            median_us: Some(300.0),
            schedule_delay_p99_us: 1_100.0,
            ..fine()
        };
        assert!(void(&quick).is_some());
    }
}

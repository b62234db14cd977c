//! Whether a trial is valid.

use analysis::results::{InvalidKind, Invalidity, Reason};

use super::load_ramp::MAX_GENERATOR_SHARE;

/// The schedule delay that is always accepted, at p99, in microseconds.
const ACCEPTED_DELAY_US: f64 = 1_000.0;
/// The schedule delay that is accepted as a share of the median latency.
const ACCEPTED_DELAY_SHARE: f64 = 0.1;
/// The accepted share of steal time.
const ACCEPTED_STEAL_SHARE: f64 = 0.02;
/// The accepted change of the offset of the clocks, in nanoseconds; a larger one is a step.
const ACCEPTED_CLOCK_CHANGE: i64 = 100_000;

/// The measurements that decide on validity.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    pub schedule_delay_p99_us: f64,
    pub median_us: Option<f64>,
    /// The share of its core that the generator used; `None` for a load ramp, which checks it by
    /// itself.
    pub generator_share: Option<f64>,
    pub steal_share: Option<f64>,
    pub clock_moved_ns: i64,
    pub lost: u64,
    pub duplicated: u64,
    pub reordered: u64,
    pub faults: Vec<Reason>,
}

/// All reasons why a trial is invalid; `None` for a valid one.
pub fn check(evidence: &Evidence) -> Option<Invalidity> {
    let mut reasons: Vec<Reason> = [
        accounting(evidence),
        schedule_delay(evidence),
        generator(evidence),
        steal(evidence),
        clock(evidence),
    ]
    .into_iter()
    .flatten()
    .collect();
    // Many clients may have the same fault, so only the first is kept, and the first about bytes.
    let faults = evidence.faults.iter();
    let (bytes, other): (Vec<_>, Vec<_>) =
        faults.partition(|fault| fault.kind == InvalidKind::Bytes);
    let first = bytes.first().into_iter().chain(other.first());
    reasons.extend(first.map(|fault| (*fault).clone()));
    Invalidity::of(reasons)
}

fn accounting(evidence: &Evidence) -> Option<Reason> {
    let (lost, duplicated, reordered) = (evidence.lost, evidence.duplicated, evidence.reordered);
    let text = || format!("{lost} messages lost, {duplicated} duplicated, {reordered} reordered");
    (lost + duplicated + reordered > 0).then(|| Reason::new(InvalidKind::Account, text()))
}

fn schedule_delay(evidence: &Evidence) -> Option<Reason> {
    let limit = ACCEPTED_DELAY_US.max(evidence.median_us.unwrap_or(0.0) * ACCEPTED_DELAY_SHARE);
    let (delay_ms, limit_ms) = (evidence.schedule_delay_p99_us / 1_000.0, limit / 1_000.0);
    let text = || {
        format!("the publisher's schedule delay was {delay_ms:.1} ms at p99, over {limit_ms:.1} ms")
    };
    (evidence.schedule_delay_p99_us > limit)
        .then(|| Reason::new(InvalidKind::ScheduleDelay, text()))
}

fn generator(evidence: &Evidence) -> Option<Reason> {
    let share = evidence.generator_share.unwrap_or(0.0);
    let percent = share * 100.0;
    let text = || format!("the generator used {percent:.0} % of its core, over 80 %");
    (share > MAX_GENERATOR_SHARE).then(|| Reason::new(InvalidKind::Generator, text()))
}

fn steal(evidence: &Evidence) -> Option<Reason> {
    let share = evidence.steal_share.unwrap_or(0.0);
    let percent = share * 100.0;
    let text = || format!("{percent:.1} % of the time was stolen by the host, over 2 %");
    (share > ACCEPTED_STEAL_SHARE).then(|| Reason::new(InvalidKind::Steal, text()))
}

fn clock(evidence: &Evidence) -> Option<Reason> {
    let step_ms = evidence.clock_moved_ns as f64 / 1e6;
    let text = || format!("the wall clock was stepped by {step_ms:.1} ms");
    let stepped = evidence.clock_moved_ns.abs() > ACCEPTED_CLOCK_CHANGE;
    stepped.then(|| Reason::new(InvalidKind::Clock, text()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valid() -> Evidence {
        Evidence {
            schedule_delay_p99_us: 200.0,
            median_us: Some(40_000.0),
            generator_share: Some(0.3),
            steal_share: Some(0.001),
            ..Evidence::default()
        }
    }

    #[test]
    fn a_valid_trial_has_no_reason() {
        assert_eq!(check(&valid()), None);
    }

    #[test]
    fn each_condition_has_its_reason() {
        type Spoil = fn(&mut Evidence);
        use InvalidKind::{Account, Bytes, Clock, Generator, ScheduleDelay, Steal};
        let cases: [(Spoil, InvalidKind, &str); 8] = [
            (
                |e| e.schedule_delay_p99_us = 4_100.0,
                ScheduleDelay,
                "schedule delay",
            ),
            (|e| e.generator_share = Some(0.81), Generator, "generator"),
            (|e| e.steal_share = Some(0.021), Steal, "stolen"),
            (|e| e.clock_moved_ns = -200_000, Clock, "stepped"),
            (|e| e.lost = 1, Account, "1 messages lost"),
            (|e| e.duplicated = 1, Account, "1 duplicated"),
            (|e| e.reordered = 1, Account, "1 reordered"),
            (
                |e| e.faults = vec![Reason::new(Bytes, "a client counted")],
                Bytes,
                "a client counted",
            ),
        ];
        for (spoil, kind, word) in cases {
            let mut evidence = valid();
            spoil(&mut evidence);
            let found = check(&evidence).unwrap();
            assert!(found.reason(kind).unwrap().text.contains(word));
        }
    }

    #[test]
    fn of_many_faults_the_first_is_kept_and_the_first_about_bytes() {
        let faults = ["closed", "closed again"].map(|text| Reason::new(InvalidKind::Fault, text));
        let bytes = Reason::new(InvalidKind::Bytes, "a client counted 3");
        let faults = faults.into_iter().chain([bytes]).collect();
        let found = check(&Evidence { faults, ..valid() }).unwrap();
        assert_eq!(found.text(), "a client counted 3; closed");
    }

    #[test]
    fn the_accepted_delay_grows_with_the_latency() {
        let slow = Evidence {
            schedule_delay_p99_us: 3_900.0,
            ..valid()
        };
        assert_eq!(check(&slow), None);
        let fast = Evidence {
            median_us: Some(300.0),
            schedule_delay_p99_us: 1_100.0,
            ..valid()
        };
        assert!(check(&fast).is_some());
    }
}

//! Why a trial is invalid, as far as only the lab can see it: clock steps and faults. All else is
//! judged from the record, by `analysis::gates`.

use analysis::results::{InvalidKind, Invalidity, Reason};

/// The accepted change of the offset of the clocks, in nanoseconds; a larger one is a step.
const ACCEPTED_CLOCK_CHANGE: i64 = 100_000;

/// A step of the wall clock, and faults. Many clients may have the same fault, so only the first is
/// kept, and the first about bytes.
pub fn check(clock_moved_ns: i64, faults: &[Reason]) -> Option<Invalidity> {
    let (bytes, other): (Vec<_>, Vec<_>) = faults
        .iter()
        .partition(|fault| fault.kind == InvalidKind::Bytes);
    let first = bytes.first().into_iter().chain(other.first());
    let reasons = clock(clock_moved_ns)
        .into_iter()
        .chain(first.map(|fault| (*fault).clone()));
    Invalidity::of(reasons.collect())
}

fn clock(moved_ns: i64) -> Option<Reason> {
    let step_ms = moved_ns as f64 / 1e6;
    let text = || format!("the wall clock was stepped by {step_ms:.1} ms");
    let stepped = moved_ns.abs() > ACCEPTED_CLOCK_CHANGE;
    stepped.then(|| Reason::new(InvalidKind::Clock, text()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_of_the_clock_is_a_reason_and_its_drift_is_none() {
        assert_eq!(check(60_000, &[]), None);
        let found = check(-200_000, &[]).unwrap();
        assert!(found.reason(InvalidKind::Clock).is_some());
    }

    #[test]
    fn of_many_faults_the_first_is_kept_and_the_first_about_bytes() {
        let faults = ["closed", "closed again"].map(|text| Reason::new(InvalidKind::Fault, text));
        let bytes = Reason::new(InvalidKind::Bytes, "a client counted 3");
        let faults: Vec<_> = faults.into_iter().chain([bytes]).collect();
        let found = check(0, &faults).unwrap();
        assert_eq!(found.text(), "a client counted 3; closed");
    }
}

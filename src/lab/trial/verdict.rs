//! Whether a trial may count.

use super::climb::GENERATOR_SHARE;
use crate::analysis::results::{DISAGREES, SLIPPED};

/// The slip that is always allowed, at the 99th percentile, in microseconds.
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
    pub slip_p99_us: f64,
    pub median_us: Option<f64>,
    /// Of the generator's core; `None` where the trial is a climb, which looks after that itself.
    pub generator_share: Option<f64>,
    pub steal_share: Option<f64>,
    pub clock_moved_ns: i64,
    pub lost: u64,
    pub duplicated: u64,
    pub reordered: u64,
    pub faults: Vec<String>,
}

/// Why it is void, if it is: everything that speaks against it.
pub fn void(evidence: &Evidence) -> Option<String> {
    let slip_limit = SLIP_US.max(evidence.median_us.unwrap_or(0.0) * SLIP_SHARE);
    let steal = evidence.steal_share.unwrap_or(0.0);
    let generator = evidence.generator_share.unwrap_or(0.0);
    let (lost, again, late) = (evidence.lost, evidence.duplicated, evidence.reordered);
    let mut reasons: Vec<String> = Vec::new();
    if lost + again + late > 0 {
        reasons.push(format!(
            "{lost} messages lost, {again} repeated, {late} out of order"
        ));
    }
    if evidence.slip_p99_us > slip_limit {
        let slip = evidence.slip_p99_us / 1_000.0;
        let limit = slip_limit / 1_000.0;
        reasons.push(format!("{SLIPPED} {slip:.1} ms at p99, over {limit:.1} ms"));
    }
    if generator > GENERATOR_SHARE {
        let share = generator * 100.0;
        reasons.push(format!(
            "the generator used {share:.0} % of its core, over 80 %"
        ));
    }
    if steal > STEAL_SHARE {
        let share = steal * 100.0;
        reasons.push(format!(
            "{share:.1} % of the time was stolen by the host, over 2 %"
        ));
    }
    if evidence.clock_moved_ns.abs() > CLOCK_STEP {
        let step = evidence.clock_moved_ns as f64 / 1e6;
        reasons.push(format!("the wall clock was stepped by {step:.1} ms"));
    }
    // Many clients may tell the same; a disagreement about bytes is never left out.
    let (bytes, other): (Vec<_>, Vec<_>) = evidence
        .faults
        .iter()
        .partition(|fault| fault.starts_with(DISAGREES));
    reasons.extend(
        bytes
            .first()
            .into_iter()
            .chain(other.first())
            .map(|fault| fault.to_string()),
    );
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fine() -> Evidence {
        Evidence {
            slip_p99_us: 200.0,
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
        let cases: [(Spoil, &str); 8] = [
            (|e| e.slip_p99_us = 4_100.0, "slip"),
            (|e| e.generator_share = Some(0.81), "generator"),
            (|e| e.steal_share = Some(0.021), "stolen"),
            (|e| e.clock_moved_ns = -200_000, "stepped"),
            (|e| e.lost = 1, "1 messages lost"),
            (|e| e.duplicated = 1, "1 repeated"),
            (|e| e.reordered = 1, "1 out of order"),
            (
                |e| e.faults = vec!["a client counted".into()],
                "a client counted",
            ),
        ];
        for (spoil, word) in cases {
            let mut evidence = fine();
            spoil(&mut evidence);
            assert!(void(&evidence).unwrap().contains(word));
        }
    }

    #[test]
    fn a_tenth_of_a_long_latency_may_slip() {
        let slow = Evidence {
            slip_p99_us: 3_900.0,
            ..fine()
        };
        assert_eq!(void(&slow), None);
        let quick = Evidence {
            median_us: Some(300.0),
            slip_p99_us: 1_100.0,
            ..fine()
        };
        assert!(void(&quick).is_some());
    }
}

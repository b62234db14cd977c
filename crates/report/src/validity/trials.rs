//! What is asked of every trial.

use analysis::{
    metric::Quantity,
    results::{InvalidKind, Results, Trial},
    samples::Samples,
};

use super::gate::Gate;
use crate::{
    table::count,
    units::{number, show},
};

pub fn delay(results: &Results) -> Option<Gate> {
    let tail = |trial: &Trial| {
        let samples: Samples = trial.generator.schedule_delay_us.samples().ok()?;
        (samples.count() > 0).then(|| samples.raw_quantile(0.99))
    };
    let worst = results
        .trials
        .iter()
        .filter_map(|trial| Some((tail(trial)?, trial)))
        .max_by_key(|found| found.0)?;
    let failed = results
        .trials
        .iter()
        .filter(|trial| trial.is_invalid_for(InvalidKind::ScheduleDelay))
        .count();
    let mut all = Samples::new();
    let valid = results.trials.iter().filter(|trial| trial.void.is_none());
    valid
        .filter_map(|trial| trial.generator.schedule_delay_us.samples().ok())
        .for_each(|samples| all.merge(&samples));
    Some(Gate {
        name: "Generator's delay",
        asks: "Actual minus intended sending instant. A trial whose p99 exceeds 1 ms or a tenth of its median \
               latency, whichever is more, is void and left out.",
        found: format!(
            "all valid trials together: p99 {}; worst trial p99 {} ({} of {}); {failed} trials void for it",
            all.quantile(0.99)
                .map_or("unknown".into(), |p99| show(Quantity::Time, p99 as f64)),
            show(Quantity::Time, worst.0 as f64),
            worst.1.order + 1,
            results.trials.len()
        ),
        // What was void for it counts nowhere; whether enough is left is another gate's matter.
        passed: (failed == 0).then_some(true),
    })
}

pub fn account(results: &Results) -> Option<Gate> {
    let sum = |of: fn(&Trial) -> u64| results.trials.iter().map(of).sum::<u64>();
    let (lost, doubled, disordered) =
        (sum(|t| t.lost), sum(|t| t.duplicated), sum(|t| t.reordered));
    (!results.trials.is_empty()).then(|| Gate {
        name: "Every message accounted for",
        asks: "Lost, duplicated and reordered deliveries, over all trials, must be 0.",
        found: format!(
            "{} due; {} lost, {} duplicated, {} reordered",
            count(sum(|t| t.expected)),
            count(lost),
            count(doubled),
            count(disordered)
        ),
        passed: Some(lost + doubled + disordered == 0),
    })
}

/// Short polls find a message at any moment of their cycle alike.
pub fn uniform(results: &Results) -> Option<Gate> {
    let tests = results
        .trials
        .iter()
        .filter(|trial| trial.void.is_none())
        .filter_map(|trial| trial.uniform);
    let tests: Vec<_> = tests.collect();
    let least = tests.iter().map(|test| test.p_value).reduce(f64::min)?;
    let distance = tests.iter().map(|test| test.distance).reduce(f64::max)?;
    let below = tests.iter().filter(|test| test.p_value < 0.05).count();
    Some(Gate {
        name: "Phase of short polls",
        asks: "(L − d)/C of each trial against U(0,1), by Kolmogorov and Smirnov's test: polls locked to the \
               publisher would show here. One test in twenty falls below 5 % by chance.",
        found: format!(
            "{below} of {} trials below 5 %; least p {}, greatest distance {}",
            tests.len(),
            number(least),
            number(distance)
        ),
        // By chance alone the least of n is below 0.001/n once in a thousand runs.
        passed: Some(least * tests.len() as f64 >= 0.001),
    })
}

pub fn reconciled(results: &Results) -> Option<Gate> {
    let name = "Bytes reconciled";
    let asks = "Bytes counted at the client's socket against the kernel's TCP_INFO: they must agree for \
                every connection over its whole life, to the byte, the SYN's and FIN's aside.";
    if !results.environment.tcp_info {
        let found = "this platform has no TCP_INFO: bytes on the wire are unknown".into();
        return Some(Gate {
            name,
            asks,
            found,
            passed: None,
        });
    }
    let failed = results
        .trials
        .iter()
        .filter(|trial| trial.is_invalid_for(InvalidKind::Bytes))
        .count();
    let found = match failed {
        0 => format!("no disagreement in {} trials", results.trials.len()),
        failed => format!(
            "{failed} of {} trials disagree and are void",
            results.trials.len()
        ),
    };
    Some(Gate {
        name,
        asks,
        found,
        passed: Some(failed == 0),
    })
}

pub fn steal(results: &Results) -> Option<Gate> {
    let most = results
        .trials
        .iter()
        .filter_map(|trial| trial.steal_share)
        .reduce(f64::max)?;
    let failed = results
        .trials
        .iter()
        .filter(|trial| trial.steal_share.is_some_and(|share| share > 0.02));
    Some(Gate {
        name: "Steal time",
        asks: "What a hypervisor took from this machine; above 2 % of a trial makes it void.",
        found: format!("at most {}", show(Quantity::Share, most)),
        passed: Some(failed.count() == 0),
    })
}

#[cfg(test)]
mod tests {
    use analysis::results::{Invalidity, Reason};
    use serde_json::json;

    use super::*;
    use crate::sample;

    #[test]
    fn each_reason_shows_at_its_own_gate() {
        let mut results = sample::results(&[sample::experiment(
            "latency",
            &[("one_way_ms", json!([0, 40]))],
        )]);
        let verdicts = |results: &Results| {
            let gates = [delay(results).unwrap(), reconciled(results).unwrap()];
            gates.map(|gate| gate.passed)
        };
        assert_eq!(verdicts(&results), [Some(true), Some(true)]);
        let clock = Reason::new(InvalidKind::Clock, "the clock broke");
        let delay = Reason::new(InvalidKind::ScheduleDelay, "late by 4.1 ms at p99");
        results.trials[0].void = Invalidity::of(vec![clock, delay]);
        assert_eq!(verdicts(&results), [None, Some(true)]);
        let bytes = Reason::new(InvalidKind::Bytes, "9 bytes up and 1 down");
        results.trials[0].void = Invalidity::of(vec![bytes]);
        assert_eq!(verdicts(&results), [Some(true), Some(false)]);
    }
}

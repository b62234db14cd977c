//! Gates on the trials.

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

pub fn schedule_delay(results: &Results) -> Option<Gate> {
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
    let valid = results
        .trials
        .iter()
        .filter(|trial| trial.invalidity.is_none());
    valid
        .filter_map(|trial| trial.generator.schedule_delay_us.samples().ok())
        .for_each(|samples| all.merge(&samples));
    Some(Gate {
        name: "Schedule delay",
        condition: "How much later than scheduled the generator sent a message. A trial is invalid if its p99 \
               exceeds 1 ms and a tenth of its median latency.",
        found: format!(
            "p99 over all valid trials {}; highest p99 of a trial {} (trial {} of {}); {failed} trials \
             invalid",
            all.quantile(0.99)
                .map_or("unknown".into(), |p99| show(Quantity::Time, p99 as f64)),
            show(Quantity::Time, worst.0 as f64),
            worst.1.order + 1,
            results.trials.len()
        ),
        // Invalid trials are left out, so they do not fail this gate. The gate of the valid trials
        // checks whether enough are left.
        passed: (failed == 0).then_some(true),
    })
}

pub fn accounted(results: &Results) -> Option<Gate> {
    let sum = |of: fn(&Trial) -> u64| results.trials.iter().map(of).sum::<u64>();
    let (lost, duplicated, reordered) =
        (sum(|t| t.lost), sum(|t| t.duplicated), sum(|t| t.reordered));
    (!results.trials.is_empty()).then(|| Gate {
        name: "Every message accounted for",
        condition: "The numbers of lost, duplicated and reordered deliveries of all trials must be 0.",
        found: format!(
            "{} deliveries due; {} lost, {} duplicated, {} reordered",
            count(sum(|t| t.expected)),
            count(lost),
            count(duplicated),
            count(reordered)
        ),
        passed: Some(lost + duplicated + reordered == 0),
    })
}

/// The phase of short polls: messages must be equally likely at every point of the cycle.
pub fn uniform(results: &Results) -> Option<Gate> {
    let tests = results
        .trials
        .iter()
        .filter(|trial| trial.invalidity.is_none())
        .filter_map(|trial| trial.uniform);
    let tests: Vec<_> = tests.collect();
    let least = tests.iter().map(|test| test.p_value).reduce(f64::min)?;
    let distance = tests.iter().map(|test| test.distance).reduce(f64::max)?;
    let below = tests.iter().filter(|test| test.p_value < 0.05).count();
    Some(Gate {
        name: "Phase of short polls",
        condition: "The Kolmogorov–Smirnov test of (L − d)/C against U(0,1) in each trial. It fails if the polls \
               are synchronised with the publisher. By chance one p-value in twenty is below 5 %.",
        found: format!(
            "p below 5 % in {below} of {} trials; lowest p {}, largest distance {}",
            tests.len(),
            number(least),
            number(distance)
        ),
        // By chance the lowest of n p-values is below 0.001/n once in a thousand runs.
        passed: Some(least * tests.len() as f64 >= 0.001),
    })
}

pub fn reconciled(results: &Results) -> Option<Gate> {
    let name = "Bytes reconciled";
    let condition = "The bytes counted at the client's socket must equal those of the kernel's TCP_INFO, for \
                every connection from its start to its end, apart from those of SYN and FIN.";
    if !results.environment.tcp_info {
        let found = "this platform has no TCP_INFO, so IP bytes are unknown".into();
        return Some(Gate {
            name,
            condition,
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
        0 => format!("no difference in {} trials", results.trials.len()),
        failed => format!(
            "{failed} of {} trials differ and are invalid",
            results.trials.len()
        ),
    };
    Some(Gate {
        name,
        condition,
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
        condition: "The share of processor time that the hypervisor gave to others. A trial with more than 2 % is \
               invalid.",
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
    fn each_reason_is_counted_by_its_own_gate() {
        let mut results = sample::results(&[sample::experiment(
            "latency",
            &[("one_way_ms", json!([0, 40]))],
        )]);
        let passed = |results: &Results| {
            let gates = [
                schedule_delay(results).unwrap(),
                reconciled(results).unwrap(),
            ];
            gates.map(|gate| gate.passed)
        };
        assert_eq!(passed(&results), [Some(true), Some(true)]);
        let clock = Reason::new(InvalidKind::Clock, "the clock broke");
        let delay = Reason::new(InvalidKind::ScheduleDelay, "late by 4.1 ms at p99");
        results.trials[0].invalidity = Invalidity::of(vec![clock, delay]);
        assert_eq!(passed(&results), [None, Some(true)]);
        let bytes = Reason::new(InvalidKind::Bytes, "9 bytes up and 1 down");
        results.trials[0].invalidity = Invalidity::of(vec![bytes]);
        assert_eq!(passed(&results), [Some(true), Some(false)]);
    }
}

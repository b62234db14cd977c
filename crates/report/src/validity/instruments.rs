//! Gates on the instruments: the control (A/A), the cores, the baseline and the emulated links.

use analysis::{
    metric::Quantity,
    results::{Comparison, Environment, LinkBaseline, Results},
    samples::SamplesRecord,
};

use super::gate::Gate;
use crate::units::{number, show};

/// The control (A/A): one cell under two labels.
pub fn control(results: &Results) -> Option<Gate> {
    let is = |comparison: &&Comparison| comparison.is_control;
    let found = results
        .comparisons
        .iter()
        .filter(is)
        .min_by_key(|found| found.ci99_9.is_none());
    let condition = "One cell is run under two labels. The 99.9 % interval of the ratio of the two must \
                include 1. Half of its width is the noise floor: smaller differences cannot be \
                distinguished from chance.";
    let known = found.and_then(|found| Some((found, found.ratio?, found.ci99_9.or(found.ci95)?)));
    let Some((found, ratio, [low, high])) = known else {
        let found = "this run has no control".into();
        return Some(Gate {
            name: "Control (A/A)",
            condition,
            found,
            passed: None,
        });
    };
    Some(Gate {
        name: "Control (A/A)",
        condition,
        found: format!(
            "{} of {} divided by that of {}: {} ({}–{}); noise floor ±{} %",
            found.metric.words(),
            found.a,
            found.b,
            four_decimals(ratio),
            four_decimals(low),
            four_decimals(high),
            number((high - low) / 2.0 * 100.0)
        ),
        passed: found.ci99_9.map(|[low, high]| low <= 1.0 && 1.0 <= high),
    })
}

/// A ratio near 1 with four decimals.
fn four_decimals(ratio: f64) -> String {
    format!("{ratio:.4}")
}

/// The cores of server and generator, and whether they were kept from halting.
pub fn cores(environment: &Environment) -> Gate {
    let pinned = match (environment.server_core, environment.generator_core) {
        (Some(server), Some(generator)) => {
            format!("server on core {server}, generator on core {generator}")
        }
        _ => "nothing is pinned: server and generator share the cores".into(),
    };
    let awake = match environment.kept_awake {
        true => "cores kept awake",
        false => "cores not kept awake: delays below 1 ms include the time to wake",
    };
    Gate {
        name: "Cores",
        condition: "Server and generator have a core each. The receivers have a lower priority than the \
               publisher, so that it does not wait for them. Threads of the lowest priority keep the \
               cores from halting: a halted virtual processor takes about 0.1 ms to wake.",
        found: format!("{pinned}; {awake}"),
        passed: None,
    }
}

pub fn baseline(results: &Results) -> Gate {
    Gate {
        name: "Baseline",
        condition: "The least that can be measured on this machine: a clock reading, and the round trip of a \
               TCP echo over the loopback.",
        found: format!(
            "clock {} ns; echo {}",
            number(results.baseline.clock_ns),
            median_and_p99(&results.baseline.echo_us)
        ),
        passed: None,
    }
}

fn median_and_p99(record: &SamplesRecord) -> String {
    let time = |value: Option<u64>| {
        value.map_or("unknown".into(), |value| show(Quantity::Time, value as f64))
    };
    format!("p50 {}, p99 {}", time(record.p50), time(record.p99))
}

pub fn link(results: &Results) -> Vec<Gate> {
    let gate = |link: &LinkBaseline| Gate {
        name: "Emulated link",
        condition: "The actual minus the configured delay of each piece of data, both directions. Its median \
               must be at most 0.2 ms.",
        found: format!(
            "{} one way: error {}; echo {}",
            show(Quantity::Time, link.one_way_ms * 1e3),
            median_and_p99(&link.error_us),
            median_and_p99(&link.echo_us)
        ),
        passed: link.error_us.p50.map(|error| error <= 200),
    };
    results.baseline.links.iter().map(gate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_of_the_cores_shows_pinning_and_halting() {
        let alone = cores(&Environment::default());
        assert!(
            alone.found.contains("nothing is pinned") && alone.found.contains("not kept awake")
        );
        let apart = cores(&Environment {
            server_core: Some(0),
            generator_core: Some(1),
            kept_awake: true,
            ..Environment::default()
        });
        assert_eq!(
            apart.found,
            "server on core 0, generator on core 1; cores kept awake"
        );
    }
}

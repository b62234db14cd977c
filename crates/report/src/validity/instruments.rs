//! What the instruments themselves do: A/A, cores, baseline, link.

use analysis::{
    metric::Quantity,
    results::{Comparison, Environment, LinkBaseline, Results},
    samples::Hist,
};

use super::gate::Gate;
use crate::units::{number, show};

/// The A/A cell: one transport under two labels.
pub fn again(results: &Results) -> Option<Gate> {
    let is = |comparison: &&Comparison| comparison.is_control;
    let found = results
        .comparisons
        .iter()
        .filter(is)
        .min_by_key(|found| found.ci99_9.is_none());
    let asks = "One transport under two labels: the 99.9 % interval of their ratio must hold 1. Half of \
                its width is the noise baseline: smaller differences cannot be told from nothing.";
    let told = found.and_then(|found| Some((found, found.ratio?, found.ci99_9.or(found.ci95)?)));
    let Some((found, ratio, [low, high])) = told else {
        let found = "no such pair in this run".into();
        return Some(Gate {
            name: "A/A",
            asks,
            found,
            passed: None,
        });
    };
    Some(Gate {
        name: "A/A",
        asks,
        found: format!(
            "{} of {} over {}: {} ({}–{}); noise baseline ±{} %",
            found.metric.words(),
            found.a,
            found.b,
            exact(ratio),
            exact(low),
            exact(high),
            number((high - low) / 2.0 * 100.0)
        ),
        passed: found.ci99_9.map(|[low, high]| low <= 1.0 && 1.0 <= high),
    })
}

/// A ratio near 1 with its digits.
fn exact(ratio: f64) -> String {
    format!("{ratio:.4}")
}

/// Who runs where, and whether a core may halt meanwhile.
pub fn cores(about: &Environment) -> Gate {
    let pinned = match (about.server_core, about.generator_core) {
        (Some(server), Some(generator)) => {
            format!("server on core {server}, generator on core {generator}")
        }
        _ => "nothing is pinned: server and generator share the cores".into(),
    };
    let awake = match about.kept_awake {
        true => "cores kept awake",
        false => "cores not kept awake: delays below a millisecond include waking",
    };
    Gate {
        name: "Cores",
        asks: "Server and generator on a core each, and the receivers give way to the publisher, so \
               that none of them waits for another. Threads that give way to everything keep the \
               cores from halting: a virtual processor that has halted takes about 0.1 ms to wake.",
        found: format!("{pinned}; {awake}"),
        passed: None,
    }
}

pub fn baseline(results: &Results) -> Gate {
    Gate {
        name: "Baseline",
        asks: "The least that could be measured here: reading the clock, and a bare TCP echo over the \
               loopback, there and back.",
        found: format!(
            "clock {} ns; echo {}",
            number(results.baseline.clock_ns),
            middle_and_tail(&results.baseline.echo_us)
        ),
        passed: None,
    }
}

fn middle_and_tail(hist: &Hist) -> String {
    let time = |value: Option<u64>| {
        value.map_or("unknown".into(), |value| show(Quantity::Time, value as f64))
    };
    format!("p50 {}, p99 {}", time(hist.p50), time(hist.p99))
}

pub fn link(results: &Results) -> Vec<Gate> {
    let gate = |link: &LinkBaseline| Gate {
        name: "Emulated link",
        asks: "The delay given to each piece minus the delay asked for, both directions; to be accurate \
               to 0.2 ms.",
        found: format!(
            "{} one way: error {}; echo {}",
            show(Quantity::Time, link.one_way_ms * 1e3),
            middle_and_tail(&link.error_us),
            middle_and_tail(&link.echo_us)
        ),
        passed: link.error_us.p50.map(|error| error <= 200),
    };
    results.baseline.links.iter().map(gate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cores_tell_who_is_where_and_whether_they_halt() {
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

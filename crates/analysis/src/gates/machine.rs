//! Gates on the machine and on the emulated links.

use super::{
    limits::LINK_ERROR_US,
    stall::stall_us,
    trials::{informing, judged},
};
use crate::{
    cost,
    results::{Environment, Gate, Results, Trial},
    samples::{Samples, SamplesRecord},
};

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
    informing(
        "Cores",
        "Server and generator have a core each. The receivers have a lower priority than the publisher, \
         so that it does not wait for them. Threads of the lowest priority keep the cores from halting: a \
         halted virtual processor takes about 0.1 ms to wake.",
        format!("{pinned}; {awake}"),
    )
}

pub fn baseline(results: &Results) -> Gate {
    informing(
        "Baseline",
        "The least that can be measured on this machine: a clock reading, and the round trip of a TCP \
         echo over the loopback.",
        format!(
            "clock {:.0} ns; echo {}",
            results.baseline.clock_ns,
            median_and_p99(&results.baseline.echo_us)
        ),
    )
}

fn median_and_p99(record: &SamplesRecord) -> String {
    let Ok(samples) = record.samples() else {
        return "unknown".into();
    };
    let us = |q| samples.raw_quantile(q);
    format!("{} µs at p50, {} µs at p99", us(0.5), us(0.99))
}

/// One gate for each delay that was emulated: the error of all pieces in all valid trials. What a server
/// owes after a stall comes at once, which is no fault of the link: those trials are left out, and where
/// no others are left, the baseline stands for them.
pub fn links(results: &Results) -> Vec<Gate> {
    let mut links: Vec<(f64, Samples)> = Vec::new();
    let trials = results.trials.iter();
    let judged =
        |trial: &&Trial| trial.invalidity.is_none() && !cost::is_measured_by(&trial.experiment);
    for trial in trials.filter(judged) {
        let Some((one_way_ms, errors)) = link_errors(results, trial) else {
            continue;
        };
        let errors = match stall_us(trial) {
            Some(_) => Samples::new(),
            None => errors,
        };
        match links.iter_mut().find(|(other, _)| *other == one_way_ms) {
            Some((_, all)) => all.merge(&errors),
            None => links.push((one_way_ms, errors)),
        }
    }
    for (one_way_ms, errors) in &mut links {
        if errors.count() == 0 {
            *errors = baseline_errors(results, *one_way_ms);
        }
    }
    links.retain(|(_, errors)| errors.count() > 0);
    links.sort_by(|a, b| a.0.total_cmp(&b.0));
    links.iter().map(link).collect()
}

fn baseline_errors(results: &Results, one_way_ms: f64) -> Samples {
    let mut links = results.baseline.links.iter();
    let link = links.find(|link| link.one_way_ms == one_way_ms);
    let errors = link.and_then(|link| link.error_us.samples().ok());
    errors.unwrap_or_default()
}

fn link_errors(results: &Results, trial: &Trial) -> Option<(f64, Samples)> {
    let errors = trial.link_error_us.as_ref()?.samples().ok()?;
    let experiment = results.experiment(&trial.experiment)?;
    let settings = experiment.at(trial.level.as_ref()).ok()?;
    Some((settings.network.one_way_ms, errors))
}

fn link((one_way_ms, errors): &(f64, Samples)) -> Gate {
    let found = [errors.raw_quantile(0.5), errors.raw_quantile(0.99)];
    let [p50_limit, p99_limit] = LINK_ERROR_US.map(|limit| limit as f64 / 1e3);
    let is_off = found
        .iter()
        .zip(LINK_ERROR_US)
        .any(|(found, limit)| *found > limit);
    let [p50, p99] = found;
    let reason = is_off.then(|| {
        let [p50, p99] = found.map(|us| us as f64 / 1e3);
        format!(
            "the emulated link of {one_way_ms} ms was off by {p50:.2} ms at p50 and {p99:.2} ms at p99, over \
             {p50_limit} and {p99_limit} ms"
        )
    });
    judged(
        &format!("Emulated link, {one_way_ms} ms"),
        &format!(
            "The actual minus the configured delay of each piece of data in the valid trials without a \
             stall (in the baseline, if all have one), both directions, from its arrival in the kernel. It must be at most {p50_limit} ms at p50 and \
             {p99_limit} ms at p99."
        ),
        format!(
            "{p50} µs at p50, {p99} µs at p99, of {} pieces",
            errors.count()
        ),
        reason.into_iter().collect(),
    )
}

#[cfg(test)]
mod tests {
    use protocol::Transport;

    use super::*;
    use crate::{
        estimate::sample::{latencies, results_of, trial},
        results::LinkBaseline,
        scenario::Experiment,
    };

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

    /// Two trials over 5 ms, whose pieces were late by so many microseconds.
    fn over_a_link(late_us: [u64; 2], stalled: [bool; 2]) -> Results {
        let trials = [0, 1].map(|number| {
            let mut answered = latencies(400).samples().unwrap();
            if stalled[number] {
                answered.record(104_000);
            }
            Trial {
                link_error_us: Some(latencies(late_us[number])),
                post_response_us: Some(answered.to_record()),
                ..trial(Transport::Sse, number as u32, 40_000)
            }
        });
        let mut results = results_of(trials.to_vec());
        let mut experiment = Experiment::default();
        experiment.network.one_way_ms = 5.0;
        let name = results.trials[0].experiment.clone();
        let experiment = serde_json::to_value(experiment).unwrap();
        results.scenario.experiments.insert(name, experiment);
        results.baseline.links.push(LinkBaseline {
            one_way_ms: 5.0,
            echo_us: latencies(10_000),
            error_us: latencies(30),
        });
        results
    }

    /// The burst after a stall crosses the link at once, and is late on it.
    #[test]
    fn a_link_is_not_judged_by_the_burst_after_a_stall() {
        let found = |late_us, stalled| {
            let gates = links(&over_a_link(late_us, stalled));
            assert_eq!(gates.len(), 1);
            (gates[0].passed, gates[0].found.clone())
        };
        assert_eq!(found([40, 900], [false, false]).0, Some(false));
        assert_eq!(found([40, 900], [false, true]).0, Some(true));
        let (passed, text) = found([900, 900], [true, true]);
        assert!(
            passed == Some(true) && text.contains("29 µs at p50"),
            "{text}"
        );
    }

    #[test]
    fn a_link_is_judged_by_its_p99() {
        let errors = |late: u64| {
            let mut errors = Samples::new();
            (0..980).for_each(|_| errors.record(12));
            (0..20).for_each(|_| errors.record(late));
            errors
        };
        assert_eq!(link(&(100.0, errors(490))).passed, Some(true));
        let off = link(&(100.0, errors(560)));
        assert_eq!(off.passed, Some(false));
        assert!(
            off.reasons[0].contains("100 ms was off by 0.01 ms at p50 and 0.56 ms at p99"),
            "{off:?}"
        );
    }
}

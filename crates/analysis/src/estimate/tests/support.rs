//! Synthetic campaigns and their outcomes, for the tests.

use std::collections::BTreeMap;

use protocol::Transport;

use crate::{
    estimate::{CampaignOutcome, estimate, sample::trial},
    metric::Metric,
    results::{Estimate, InvalidKind, Invalidity, Reason, Trial},
    scenario::Experiment,
};

pub fn invalid(reason: &str) -> Option<Invalidity> {
    Invalidity::of(vec![Reason::new(InvalidKind::Fault, reason)])
}

pub const SHORT: Transport = Transport::ShortPoll;

pub const SOCKET: Transport = Transport::WebSocket;

/// One trial for each mean, as repetitions from 0.
pub fn trials_with_means(transport: Transport, means: &[u64]) -> Vec<Trial> {
    let one = |(repetition, mean): (usize, &u64)| trial(transport, repetition as u32, *mean);
    means.iter().enumerate().map(one).collect()
}

pub fn example() -> Experiment {
    let mut experiment = Experiment {
        name: "example".into(),
        ..Experiment::default()
    };
    experiment.load.rooms = 5;
    experiment.load.rate = 0.5;
    experiment.network.one_way_ms = 40.0;
    experiment
}

pub fn outcome_of(trials: &[Trial], experiment: Experiment) -> CampaignOutcome {
    let experiments = BTreeMap::from([(experiment.name.clone(), experiment)]);
    estimate(trials, &experiments).unwrap()
}

pub fn outcome(trials: &[Trial]) -> CampaignOutcome {
    outcome_of(trials, example())
}

/// The first estimate of a metric.
pub fn find(outcome: &CampaignOutcome, transport: Transport, metric: Metric) -> &Estimate {
    let mut all = outcome.estimates.iter();
    all.find(|estimate| estimate.transport == transport && estimate.metric == metric)
        .unwrap_or_else(|| panic!("no {metric}"))
}

pub fn close(found: Option<f64>, expected: f64) {
    let found = found.expect("a value");
    assert!(
        (found - expected).abs() < 1e-6 * expected.abs(),
        "{found}, not {expected}"
    );
}

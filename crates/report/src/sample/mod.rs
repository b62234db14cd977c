//! Synthetic results from theory and noise, for the tests of the report.

use rand::{SeedableRng, rngs::StdRng};

mod experiments;
mod trial;

use analysis::{
    cost, gates,
    metric::{LatencyKind, Metric, Quantile, Statistic},
    results::{
        Baseline, Comparison, Environment, Estimate, IntervalsCover, LinkBaseline, Results, SCHEMA,
        ScenarioRecord, Trial,
    },
    scenario::Experiment,
};
pub use experiments::experiment;
use experiments::{REPETITIONS, all};
use protocol::Transport;
pub use trial::samples;
use trial::trial;

use super::ratio;

const METRICS: [Metric; 20] = [
    Metric::MEAN,
    Metric::P50,
    Metric::delivery(Quantile::P90),
    Metric::P95,
    Metric::P99,
    Metric::P99_9,
    Metric::MAX,
    Metric::Latency(LatencyKind::EndToEnd, Statistic::Mean),
    Metric::end_to_end(Quantile::P50),
    Metric::end_to_end(Quantile::P99),
    Metric::RequestsPerS,
    Metric::EmptyShare,
    Metric::AppBytesPerMessage,
    Metric::IpBytesPerMessage,
    Metric::AppBytesPerS,
    Metric::IpBytesPerS,
    Metric::CpuPerDelivery,
    Metric::PssPerClient,
    Metric::RecoverP50,
    Metric::CatchUpPerClient,
];

/// A run of all built-in experiments and one other.
pub fn everything() -> Results {
    results(&all())
}

/// A valid run of these experiments.
pub fn results(experiments: &[Experiment]) -> Results {
    let mut trials = Vec::new();
    let mut random = StdRng::seed_from_u64(1);
    for experiment in experiments {
        for repetition in 0..experiment.runs.repetitions {
            for cell in experiment.cells().unwrap() {
                let level = cell.level.clone();
                let order = trials.len() as u32;
                trials.push(Trial {
                    experiment: experiment.name.clone(),
                    level,
                    repetition,
                    order,
                    ..trial(
                        &mut random,
                        cell.transport,
                        &cell.settings,
                        experiment.name == "idle",
                    )
                });
            }
        }
    }
    let mut results = without_estimates(experiments, trials);
    results.costs = cost::fits(&results.trials);
    results.estimates = estimates(&results);
    results.comparisons.push(Comparison {
        experiment: experiments[0].name.clone(),
        level: None,
        metric: Metric::MEAN,
        a: "WebSocket".into(),
        b: "WebSocket (again)".into(),
        is_control: true,
        ratio: Some(1.0004),
        ci95: Some([0.9991, 1.0017]),
    });
    gates::decide(&mut results, None);
    results
}

fn without_estimates(experiments: &[Experiment], trials: Vec<Trial>) -> Results {
    let echo = |base: u64| samples((0..20_000).map(|n| base + n % 37));
    Results {
        schema: SCHEMA,
        scenario: ScenarioRecord {
            name: "coursework".into(),
            title: "Does a chat have to keep asking?".into(),
            question: "And what does each way of not asking cost?".into(),
            quick: false,
            planned_trials: trials.len() as u32,
            runs: 1,
            every_s: None,
            seconds: 1100.0,
            experiments: experiments
                .iter()
                .map(|experiment| {
                    (
                        experiment.name.clone(),
                        serde_json::to_value(experiment).unwrap(),
                    )
                })
                .collect(),
        },
        seed: 1,
        started_at: "2026-11-22T18:00:00Z".into(),
        environment: Environment {
            cpu: Some("A processor <of> 2 GHz & more".into()),
            cores: 2,
            kernel: Some("Linux 6.1".into()),
            version: "0.1.0".into(),
            build_profile: "release".into(),
            server_core: Some(0),
            generator_core: Some(1),
            kept_awake: true,
            tcp_info: true,
            proc_fs: true,
            ..Environment::default()
        },
        valid: true,
        reasons: Vec::new(),
        gates: Vec::new(),
        remarks: Vec::new(),
        thresholds: Vec::new(),
        baseline: Baseline {
            clock_ns: 24.0,
            echo_us: echo(30),
            links: vec![LinkBaseline {
                one_way_ms: 40.0,
                echo_us: echo(80_120),
                error_us: echo(20),
            }],
        },
        runs: Vec::new(),
        intervals_cover: IntervalsCover::of(&trials),
        trials,
        estimates: Vec::new(),
        comparisons: Vec::new(),
        costs: Vec::new(),
        worksheet: None,
    }
}

/// Estimates as the lab computes them: over the valid trials of each cell.
pub fn estimates(results: &Results) -> Vec<Estimate> {
    let data = super::data::Data::new(results);
    let mut estimates = Vec::new();
    for name in data.experiments() {
        for cell in data.cells(name) {
            let theory = data.theory(cell);
            for metric in METRICS.into_iter().chain([Metric::Capacity]) {
                let values = cell.values(metric);
                let Some((mean, ci95)) = ratio::mean(&values) else {
                    continue;
                };
                let censored = cell.is_censored(metric);
                let least = values.into_iter().fold(f64::MAX, f64::min);
                estimates.push(Estimate {
                    experiment: name.into(),
                    transport: cell.transport,
                    level: cell.level.cloned(),
                    metric,
                    value: Some(if censored { least } else { mean }),
                    ci95: (!censored).then_some(ci95),
                    censored,
                    theory: theory.as_ref().and_then(|theory| theory.value(metric)),
                });
            }
        }
    }
    estimates
}

/// The same results without differences: every trial has the values of WebSocket.
pub fn without_differences(mut results: Results) -> Results {
    let push: Vec<Trial> = results
        .trials
        .iter()
        .filter(|trial| trial.transport == Transport::WebSocket)
        .cloned()
        .collect();
    for trial in &mut results.trials {
        let shifted = (trial.repetition + trial.transport.index() as u32) % REPETITIONS;
        let same = |other: &&Trial| {
            other.experiment == trial.experiment
                && other.level == trial.level
                && other.repetition == shifted
        };
        if let Some(own) = push.iter().find(same) {
            *trial = Trial {
                transport: trial.transport,
                label: trial.label.clone(),
                repetition: trial.repetition,
                ..own.clone()
            };
        }
    }
    results.estimates = estimates(&results);
    results
}

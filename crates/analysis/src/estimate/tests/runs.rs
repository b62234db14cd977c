//! Campaigns of several runs, and the least width of an interval.

use rand::{SeedableRng, rngs::StdRng};
use rand_distr::{Distribution, Normal};

use super::support::{SHORT, SOCKET, close, find, invalid, outcome, trials_with_means};
use crate::{
    cell_trials::{group, paired_by_block},
    estimate::slope,
    metric::Metric,
    results::{IntervalsCover, Trial},
    stats::{around, of_mean, paired_ratio},
};

/// The same trials as those of a run.
fn of_run(run: u32, trials: Vec<Trial>) -> Vec<Trial> {
    let moved = trials.into_iter().map(|trial| Trial { run, ..trial });
    moved.collect()
}

fn runs(each: &[&[u64]]) -> Vec<Trial> {
    let run = |(run, means): (usize, &&[u64])| of_run(run as u32, trials_with_means(SOCKET, means));
    each.iter().enumerate().flat_map(run).collect()
}

#[test]
fn intervals_of_several_runs_are_over_the_runs() {
    let trials = runs(&[&[9_000, 11_000], &[19_000, 21_000], &[29_000, 31_000]]);
    let found = outcome(&trials);
    assert_eq!(found.intervals_cover, IntervalsCover::Runs);
    let mean = find(&found, SOCKET, Metric::MEAN);
    close(mean.value, 20_000.0);
    let expected = around(20_000.0, &[10_000.0, 20_000.0, 30_000.0], 0.95).unwrap();
    let [low, high] = mean.ci95.unwrap();
    assert!((low - expected[0]).abs() < 1.0 && (high - expected[1]).abs() < 1.0);
    let means = group(&trials)[0].means_by_unit(|trial| Some(f64::from(trial.run)));
    assert_eq!(means, [0.0, 1.0, 2.0]);
    let alone = outcome(&trials_with_means(SOCKET, &[9_000, 11_000, 12_000]));
    assert_eq!(alone.intervals_cover, IntervalsCover::Run);
}

/// The quantile of a run is that of its merged samples: the median of trials with means 1,000 and
/// 9,000 is not the mean of their medians.
#[test]
fn the_quantile_of_a_run_is_of_its_merged_samples() {
    let trials = runs(&[&[1_000, 9_000], &[1_000, 9_000], &[1_000, 9_000]]);
    let medians = group(&trials)[0].values(Metric::P50);
    assert_eq!(medians.len(), 3);
    assert!(
        medians
            .iter()
            .all(|median| (1_500.0..2_500.0).contains(median)),
        "{medians:?}"
    );
}

#[test]
fn blocks_are_paired_within_their_run() {
    let sockets = runs(&[&[10, 20], &[1_000, 2_000], &[5_000, 7_000]]);
    let polls: Vec<_> = sockets
        .iter()
        .map(|trial| Trial {
            transport: SHORT,
            server: crate::results::ServerCost {
                cpu_us: trial
                    .server
                    .cpu_us
                    .map(|cpu| cpu * (2.0 + f64::from(trial.run))),
                ..trial.server.clone()
            },
            ..trial.clone()
        })
        .collect();
    let trials = [sockets, polls].concat();
    let cells = group(&trials);
    let pairs = paired_by_block(&cells[1], &cells[0], Metric::CpuPerDelivery);
    let ratios: Vec<_> = pairs.iter().map(|(a, b)| a / b).collect();
    assert_eq!(ratios.len(), 3);
    for (ratio, expected) in ratios.iter().zip([2.0, 3.0, 4.0]) {
        assert!((ratio - expected).abs() < 1e-9, "{ratios:?}");
    }
    close(Some(paired_ratio(&pairs).unwrap().ratio), 24f64.cbrt());
    let means = paired_by_block(&cells[1], &cells[0], Metric::MEAN);
    assert!(
        means.iter().all(|(a, b)| (a - b).abs() < 1e-9 * b),
        "{means:?}"
    );
}

#[test]
fn valid_trials_from_two_of_three_runs_are_too_few() {
    let mut trials = runs(&[&[40_000; 3], &[40_000; 3], &[40_000; 3]]);
    for trial in &mut trials[6..] {
        trial.invalidity = invalid("stolen time");
    }
    let found = outcome(&trials);
    let mean = find(&found, SOCKET, Metric::MEAN);
    assert_eq!((mean.value, mean.ci95), (None, None));
    let words = "6 valid trials of 9 are from 2 runs, 3 are needed";
    assert_eq!(group(&trials)[0].shortage().as_deref(), Some(words));
    trials[8].invalidity = None;
    assert!(find(&outcome(&trials), SOCKET, Metric::MEAN).ci95.is_some());
}

/// The shares of campaigns of 5 runs of 5 trials whose interval includes the true value: over the
/// trials, as if they were independent, and over the runs. The logarithms vary by 10 % between runs
/// and by 5 % between the trials of a run.
#[test]
fn intervals_over_runs_have_their_coverage_and_those_over_trials_have_not() {
    const CAMPAIGNS: usize = 1_500;
    const TRUTH: f64 = 20.0;
    let mut random = StdRng::seed_from_u64(17);
    let mut normal = |spread: f64| Normal::new(0.0, spread).unwrap().sample(&mut random);
    let mut trials = runs(&[&[1_000; 5][..]; 5]);
    let (mut over_trials, mut over_runs) = (0, 0);
    for _ in 0..CAMPAIGNS {
        let of_runs: Vec<_> = (0..5).map(|_| normal(0.1)).collect();
        for trial in &mut trials {
            let log = of_runs[trial.run as usize] + normal(0.05);
            trial.server.cpu_us = Some(TRUTH * 100.0 * log.exp());
        }
        let cells = group(&trials);
        let logs = |values: Vec<f64>| values.into_iter().map(f64::ln).collect::<Vec<_>>();
        let holds = |values: Vec<f64>| {
            let [low, high] = of_mean(&logs(values), 0.95).unwrap();
            usize::from((low..=high).contains(&TRUTH.ln()))
        };
        over_trials += holds(cells[0].values_by_trial(Metric::CpuPerDelivery));
        over_runs += holds(cells[0].values(Metric::CpuPerDelivery));
    }
    let share = |held| held as f64 / CAMPAIGNS as f64;
    let (over_trials, over_runs) = (share(over_trials), share(over_runs));
    assert!((0.93..=0.97).contains(&over_runs), "{over_runs}");
    assert!(over_trials < 0.75, "{over_trials}");
}

/// The same for a ratio that differs from run to run, as where one machine favours a transport.
#[test]
fn ratios_over_runs_have_their_coverage() {
    const CAMPAIGNS: usize = 1_000;
    let mut random = StdRng::seed_from_u64(19);
    let mut normal = |spread: f64| Normal::new(0.0, spread).unwrap().sample(&mut random);
    let sockets = runs(&[&[1_000; 3][..]; 4]);
    let polls = sockets.iter().cloned().map(|trial| Trial {
        transport: SHORT,
        ..trial
    });
    let mut trials: Vec<_> = sockets.iter().cloned().chain(polls).collect();
    let mut held = 0;
    for _ in 0..CAMPAIGNS {
        let of_runs: Vec<_> = (0..4).map(|_| normal(0.1)).collect();
        for trial in &mut trials {
            let log = match trial.transport == SHORT {
                true => 3f64.ln() + of_runs[trial.run as usize],
                false => 0.0,
            };
            trial.server.cpu_us = Some(2_000.0 * (log + normal(0.05)).exp());
        }
        let cells = group(&trials);
        let pairs = paired_by_block(&cells[1], &cells[0], Metric::CpuPerDelivery);
        let [low, high] = paired_ratio(&pairs).unwrap().ci95;
        held += usize::from((low..=high).contains(&3.0));
    }
    let share = held as f64 / CAMPAIGNS as f64;
    assert!((0.93..=0.97).contains(&share), "{share}");
}

/// Equal trials have no spread. The median is then known to its bucket, and the 25 requests of a
/// trial to half a request, over 10 s and 5 clients.
#[test]
fn no_interval_is_narrower_than_what_was_measured() {
    let found = outcome(&trials_with_means(SOCKET, &[2_500; 3]));
    let median = find(&found, SOCKET, Metric::P50);
    let ([low, high], value) = (median.ci95.unwrap(), median.value.unwrap());
    assert!(
        low <= value && value < high && high - low >= 2.0,
        "{value}: {low} to {high}"
    );
    let rate = find(&found, SOCKET, Metric::RequestsPerS);
    let [low, high] = rate.ci95.unwrap();
    assert!(
        (low - 0.49).abs() < 1e-12 && (high - 0.51).abs() < 1e-12,
        "{low} {high}"
    );
    let share = find(&found, SOCKET, Metric::EmptyShare).ci95.unwrap();
    assert!(
        (share[0] - 0.38).abs() < 1e-12 && (share[1] - 0.42).abs() < 1e-12,
        "{share:?}"
    );
}

#[test]
fn half_a_count_never_leads_below_zero_or_above_one() {
    let mut trials = trials_with_means(SOCKET, &[1_000; 3]);
    for trial in &mut trials {
        trial.empty = trial.requests;
    }
    let share = find(&outcome(&trials), SOCKET, Metric::EmptyShare)
        .ci95
        .unwrap();
    assert!(
        (share[0] - 0.98).abs() < 1e-12 && share[1] == 1.0,
        "{share:?}"
    );
    for trial in &mut trials {
        trial.requests = 0;
    }
    let rate = find(&outcome(&trials), SOCKET, Metric::RequestsPerS)
        .ci95
        .unwrap();
    assert!(rate[0] == 0.0 && (rate[1] - 0.01).abs() < 1e-12, "{rate:?}");
}

/// Each run's means grow with d by a slope of its own: 1, 2 and 3.
#[test]
fn a_slope_is_over_the_runs_where_there_are_several() {
    let point = |trial: &Trial| Some((trial.one_way_us?, trial.server.cpu_us?));
    let mut trials = runs(&[&[1_000; 4], &[1_000; 4], &[1_000; 4]]);
    for trial in &mut trials {
        let d = 10.0 * f64::from(trial.repetition);
        trial.one_way_us = Some(d);
        trial.server.cpu_us = Some(7.0 + d * f64::from(trial.run + 1));
    }
    let (value, [low, high]) = slope(group(&trials).iter(), point).unwrap();
    assert!((value - 2.0).abs() < 1e-9);
    assert!(
        (low + 0.484).abs() < 1e-3 && (high - 4.484).abs() < 1e-3,
        "{low} {high}"
    );
    let alone = group(&trials[..4]);
    let (value, [low, high]) = slope(alone.iter(), point).unwrap();
    assert!((value - 1.0).abs() < 1e-9 && high - low < 1e-6);
}

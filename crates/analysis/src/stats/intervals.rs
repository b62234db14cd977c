//! Confidence intervals over trials. The trial is the sample: what one process, one schedule and
//! one set of phases gave, however many messages it had.

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::student_t::critical;

/// Fewer trials than this have no interval.
pub const ENOUGH: usize = 3;
/// From this many on, the interval is a percentile bootstrap; with fewer it would cover only 72 to
/// 90 % where it says 95, and Student's t it is.
pub const BOOTSTRAP_FROM: usize = 20;

const RESAMPLES: usize = 2_000;
const SEED: u64 = 0x1ab;

/// How much one thing is of another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// The geometric mean over the blocks.
    pub ratio: f64,
    pub ci95: [f64; 2],
    /// By Student's t at any number of trials: 2,000 resamples hardly reach so far out.
    pub ci99_9: [f64; 2],
}

/// The interval of the mean of `values` at a `confidence` such as 0.95.
pub fn of_mean(values: &[f64], confidence: f64) -> Option<[f64; 2]> {
    let offsets = offsets(values, confidence)?;
    Some(offsets.map(|offset| mean(values) + offset))
}

/// The interval around an estimate `value` that the same quantity of each trial allows. For what
/// is positive it is found on the log scale, so that it never reaches 0.
pub fn around(value: f64, trials: &[f64], confidence: f64) -> Option<[f64; 2]> {
    if value <= 0.0 || trials.iter().any(|trial| *trial <= 0.0) {
        return Some(offsets(trials, confidence)?.map(|offset| value + offset));
    }
    let logs: Vec<_> = trials.iter().map(|trial| trial.ln()).collect();
    Some(offsets(&logs, confidence)?.map(|offset| value * offset.exp()))
}

/// The ratio of the first to the second of each pair, from the logarithms of the pairs' own
/// ratios: what a block's two trials have in common, their schedule above all, cancels out.
/// Pairs that are not positive have no ratio and do not count.
pub fn ratio(pairs: &[(f64, f64)]) -> Option<Ratio> {
    let positive = pairs.iter().filter(|(a, b)| *a > 0.0 && *b > 0.0);
    let logs: Vec<_> = positive.map(|(a, b)| (a / b).ln()).collect();
    let around = |offsets: [f64; 2]| offsets.map(|offset| (mean(&logs) + offset).exp());
    Some(Ratio {
        ci95: around(offsets(&logs, 0.95)?),
        ci99_9: around(student(&logs, 0.999)),
        ratio: mean(&logs).exp(),
    })
}

/// The interval's ends, from the mean.
fn offsets(values: &[f64], confidence: f64) -> Option<[f64; 2]> {
    match values.len() {
        0..ENOUGH => None,
        ENOUGH..BOOTSTRAP_FROM => Some(student(values, confidence)),
        _ => Some(bootstrap(values, confidence)),
    }
}

/// ± t·s/√n.
fn student(values: &[f64], confidence: f64) -> [f64; 2] {
    let freedom = values.len() - 1;
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let error = (squares / freedom as f64 / values.len() as f64).sqrt();
    let half = critical(confidence, freedom as u32) * error;
    [-half, half]
}

/// Percentiles of the mean of as many values drawn again with replacement. Seeded, so that the
/// same trials have the same interval.
fn bootstrap(values: &[f64], confidence: f64) -> [f64; 2] {
    let mut random = StdRng::seed_from_u64(SEED);
    let centre = mean(values);
    let mut resample = || {
        let draw = (0..values.len()).map(|_| values[random.random_range(0..values.len())]);
        draw.sum::<f64>() / values.len() as f64 - centre
    };
    let mut means: Vec<_> = (0..RESAMPLES).map(|_| resample()).collect();
    means.sort_by(f64::total_cmp);
    let tail = ((1.0 - confidence) / 2.0 * RESAMPLES as f64) as usize;
    [means[tail], means[RESAMPLES - 1 - tail]]
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Box and Muller.
    fn normal(random: &mut StdRng) -> f64 {
        let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
        radius * (std::f64::consts::TAU * random.random::<f64>()).cos()
    }

    fn trials(random: &mut StdRng, count: usize, centre: f64) -> Vec<f64> {
        (0..count)
            .map(|_| centre * (0.2 * normal(random)).exp())
            .collect()
    }

    /// The share of campaigns whose ratio's interval holds the truth, 95 % and 99.9 %.
    fn coverage(campaigns: usize, count: usize, truth: f64) -> (f64, f64) {
        let mut random = StdRng::seed_from_u64(count as u64);
        let (mut usual, mut gate) = (0, 0);
        for _ in 0..campaigns {
            let (a, b) = (
                trials(&mut random, count, truth),
                trials(&mut random, count, 1.0),
            );
            let pairs: Vec<_> = a.into_iter().zip(b).collect();
            let found = ratio(&pairs).unwrap();
            let holds = |[low, high]: [f64; 2]| usize::from((low..=high).contains(&truth));
            usual += holds(found.ci95);
            gate += holds(found.ci99_9);
        }
        let share = |held| held as f64 / campaigns as f64;
        (share(usual), share(gate))
    }

    #[test]
    fn intervals_of_few_trials_cover_what_they_say() {
        for count in [3, 5, 10] {
            let (usual, gate) = coverage(4_000, count, 3.0);
            assert!((0.935..=0.965).contains(&usual), "{count}: {usual}");
            assert!(gate >= 0.996, "{count}: {gate}");
        }
    }

    #[test]
    fn the_bootstrap_of_many_covers_nearly_so() {
        let (usual, gate) = coverage(400, 25, 0.5);
        assert!((0.91..=0.97).contains(&usual), "{usual}");
        assert!(gate >= 0.996, "{gate}");
    }

    #[test]
    fn a_mean_of_skewed_trials_is_covered_on_its_own_scale() {
        let mut random = StdRng::seed_from_u64(3);
        let held = (0..2_000).filter(|_| {
            let trials = trials(&mut random, 5, 7.0);
            // The median of a lognormal is what its logarithms' mean estimates.
            let value = (trials.iter().map(|trial| trial.ln()).sum::<f64>() / 5.0).exp();
            let [low, high] = around(value, &trials, 0.95).unwrap();
            (low..=high).contains(&7.0)
        });
        let share = held.count() as f64 / 2_000.0;
        assert!((0.935..=0.965).contains(&share), "{share}");
    }

    #[test]
    fn by_hand() {
        // s = 1, t = 4.303, √3.
        let [low, high] = of_mean(&[1.0, 2.0, 3.0], 0.95).unwrap();
        assert!(
            (low + 0.484).abs() < 1e-3 && (high - 4.484).abs() < 1e-3,
            "{low} {high}"
        );
        let [low, high] = around(10.0, &[0.0, 1.0, 2.0], 0.95).unwrap();
        assert!(
            (low - 7.516).abs() < 1e-3 && (high - 12.484).abs() < 1e-3,
            "{low} {high}"
        );
        let steady = ratio(&[(2.0, 1.0), (4.0, 2.0), (6.0, 3.0)]).unwrap();
        assert!((steady.ratio - 2.0).abs() < 1e-12);
        assert!((steady.ci95[1] - steady.ci95[0]).abs() < 1e-9);
    }

    #[test]
    fn too_few_have_no_interval() {
        assert_eq!(of_mean(&[1.0, 2.0], 0.95), None);
        assert_eq!(around(1.0, &[], 0.95), None);
        assert_eq!(ratio(&[(1.0, 2.0), (0.0, 2.0), (1.0, 2.0)]), None);
    }

    #[test]
    fn the_same_trials_have_the_same_interval() {
        let many: Vec<_> = (1..=BOOTSTRAP_FROM).map(|trial| trial as f64).collect();
        assert_eq!(of_mean(&many, 0.95), of_mean(&many, 0.95));
        let [low, high] = around(10.0, &many, 0.95).unwrap();
        assert!(0.0 < low && low < 10.0 && 10.0 < high);
    }
}

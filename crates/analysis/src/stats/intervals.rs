//! Confidence intervals over trials, or over runs where a campaign has several. The sampling unit is
//! never the message: the messages of a trial share one process, one schedule and one set of phases.
//! What differs from run to run moves all trials of a run together, so the trials of several runs are
//! not independent, and the run is the unit (Kalibera and Jones, Rigorous benchmarking in reasonable
//! time, ISMM 2013).

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::student_t::critical;

/// The least number of trials, or of runs, that have an interval.
pub const MIN_TRIALS: usize = 3;
/// From this number of values on, the interval is a percentile bootstrap. With fewer trials a bootstrap would
/// cover only 72 to 90 % instead of 95 %, so the interval is by Student's t.
pub const BOOTSTRAP_FROM: usize = 20;

const RESAMPLES: usize = 2_000;
const SEED: u64 = 0x1ab;

/// The ratio of two cells with its intervals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioEstimate {
    /// The geometric mean over the pairs.
    pub ratio: f64,
    pub ci95: [f64; 2],
}

/// The difference of two cells, in the unit of their values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DifferenceEstimate {
    pub difference: f64,
    pub ci95: [f64; 2],
}

/// The interval of the mean of `values` at a `confidence` such as 0.95.
pub fn of_mean(values: &[f64], confidence: f64) -> Option<[f64; 2]> {
    let offsets = offsets(values, confidence)?;
    Some(offsets.map(|offset| mean(values) + offset))
}

/// The interval around an estimate `value`, from the spread of the same quantity over `units`: the
/// trials of a run, or several runs. For positive values it is computed on the log scale, so that it
/// never reaches 0.
pub fn around(value: f64, units: &[f64], confidence: f64) -> Option<[f64; 2]> {
    if value <= 0.0 || units.iter().any(|unit| *unit <= 0.0) {
        return Some(offsets(units, confidence)?.map(|offset| value + offset));
    }
    let logs: Vec<_> = units.iter().map(|unit| unit.ln()).collect();
    Some(offsets(&logs, confidence)?.map(|offset| value * offset.exp()))
}

/// The ratio of the first value to the second over all pairs, from the logarithms of each pair's
/// ratio. What the two trials of a block share, above all their schedule, cancels out. Pairs with a
/// value that is not positive are left out.
pub fn paired_ratio(pairs: &[(f64, f64)]) -> Option<RatioEstimate> {
    let positive = pairs.iter().filter(|(a, b)| *a > 0.0 && *b > 0.0);
    let logs: Vec<_> = positive.map(|(a, b)| (a / b).ln()).collect();
    let around = |offsets: [f64; 2]| offsets.map(|offset| (mean(&logs) + offset).exp());
    Some(RatioEstimate {
        ci95: around(offsets(&logs, 0.95)?),
        ratio: mean(&logs).exp(),
    })
}

/// The ends of the interval relative to the mean.
fn offsets(values: &[f64], confidence: f64) -> Option<[f64; 2]> {
    match values.len() {
        0..MIN_TRIALS => None,
        MIN_TRIALS..BOOTSTRAP_FROM => Some(student(values, confidence)),
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

/// Percentiles of the mean over resamples with replacement. The seed is fixed, so that the same
/// trials have the same interval.
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

    /// A normal number by the Box–Muller transform.
    fn normal(random: &mut StdRng) -> f64 {
        let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
        radius * (std::f64::consts::TAU * random.random::<f64>()).cos()
    }

    fn trials(random: &mut StdRng, count: usize, centre: f64) -> Vec<f64> {
        (0..count)
            .map(|_| centre * (0.2 * normal(random)).exp())
            .collect()
    }

    /// The share of campaigns whose interval of the ratio includes the true value.
    fn coverage(campaigns: usize, count: usize, truth: f64) -> f64 {
        let mut random = StdRng::seed_from_u64(count as u64);
        let held = (0..campaigns).filter(|_| {
            let (a, b) = (
                trials(&mut random, count, truth),
                trials(&mut random, count, 1.0),
            );
            let pairs: Vec<_> = a.into_iter().zip(b).collect();
            let [low, high] = paired_ratio(&pairs).unwrap().ci95;
            (low..=high).contains(&truth)
        });
        held.count() as f64 / campaigns as f64
    }

    #[test]
    fn intervals_of_few_trials_have_their_coverage() {
        for count in [3, 5, 10] {
            let share = coverage(4_000, count, 3.0);
            assert!((0.935..=0.965).contains(&share), "{count}: {share}");
        }
    }

    #[test]
    fn the_bootstrap_of_many_trials_nearly_has_its_coverage() {
        let share = coverage(400, 25, 0.5);
        assert!((0.91..=0.97).contains(&share), "{share}");
    }

    #[test]
    fn an_interval_of_skewed_trials_has_its_coverage() {
        let mut random = StdRng::seed_from_u64(3);
        let held = (0..2_000).filter(|_| {
            let trials = trials(&mut random, 5, 7.0);
            // The mean of the logarithms estimates the median of a lognormal distribution.
            let value = (trials.iter().map(|trial| trial.ln()).sum::<f64>() / 5.0).exp();
            let [low, high] = around(value, &trials, 0.95).unwrap();
            (low..=high).contains(&7.0)
        });
        let share = held.count() as f64 / 2_000.0;
        assert!((0.935..=0.965).contains(&share), "{share}");
    }

    #[test]
    fn reference_values() {
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
        let steady = paired_ratio(&[(2.0, 1.0), (4.0, 2.0), (6.0, 3.0)]).unwrap();
        assert!((steady.ratio - 2.0).abs() < 1e-12);
        assert!((steady.ci95[1] - steady.ci95[0]).abs() < 1e-9);
    }

    #[test]
    fn too_few_have_no_interval() {
        assert_eq!(of_mean(&[1.0, 2.0], 0.95), None);
        assert_eq!(around(1.0, &[], 0.95), None);
        assert_eq!(paired_ratio(&[(1.0, 2.0), (0.0, 2.0), (1.0, 2.0)]), None);
    }

    #[test]
    fn the_same_trials_have_the_same_interval() {
        let many: Vec<_> = (1..=BOOTSTRAP_FROM).map(|trial| trial as f64).collect();
        assert_eq!(of_mean(&many, 0.95), of_mean(&many, 0.95));
        let [low, high] = around(10.0, &many, 0.95).unwrap();
        assert!(0.0 < low && low < 10.0 && 10.0 < high);
    }
}

//! The comparison of two groups of values that share no blocks and may differ in variance.

use super::{
    intervals::{DifferenceEstimate, MIN_TRIALS, RatioEstimate},
    student_t::critical,
};

/// The ratio of `a` to `b` by Welch's t on the logarithms of their values (Biometrika 34, 1947).
/// `None` where a value is not positive, or where a group has too few.
///
/// The degrees of freedom by Welch and Satterthwaite are an estimate and not a whole number. They
/// are rounded down: fewer degrees widen the interval, so that its coverage is not too low.
pub fn welch_ratio(a: &[f64], b: &[f64]) -> Option<RatioEstimate> {
    let (a, b) = (logarithms(a)?, logarithms(b)?);
    Some(Contrast::welch(&Group::of(&a)?, &Group::of(&b)?).ratio())
}

/// The natural logarithms; `None` where a value is not positive.
pub fn logarithms(values: &[f64]) -> Option<Vec<f64>> {
    let logarithm = |value: &f64| (*value > 0.0).then(|| value.ln());
    values.iter().map(logarithm).collect()
}

/// The difference of two means, with what its interval needs.
#[derive(Clone, Copy, Debug)]
pub struct Contrast {
    difference: f64,
    /// The standard error of the difference.
    error: f64,
    freedom: u32,
}

impl Contrast {
    pub fn welch(a: &Group, b: &Group) -> Self {
        Contrast {
            difference: a.mean - b.mean,
            error: (a.variance + b.variance).sqrt(),
            freedom: freedom(a, b).floor() as u32,
        }
    }

    /// The value of a single run minus the mean of several runs: see
    /// [`ratio_of_campaigns`](super::ratio_of_campaigns) for the formula. `own_variance` is the
    /// variance of `value` over the trials of its own run.
    pub fn of_single_run(value: f64, own_variance: f64, runs: &Group) -> Self {
        let of_one_run = runs.variance * (runs.freedom + 1.0);
        Contrast {
            difference: value - runs.mean,
            error: (runs.variance + of_one_run.max(own_variance)).sqrt(),
            freedom: runs.freedom as u32,
        }
    }

    /// The contrast with its sides exchanged.
    pub fn reversed(self) -> Self {
        Contrast {
            difference: -self.difference,
            ..self
        }
    }

    fn interval(self, confidence: f64) -> [f64; 2] {
        let half = critical(confidence, self.freedom) * self.error;
        [self.difference - half, self.difference + half]
    }

    /// Of a contrast of logarithms.
    pub fn ratio(self) -> RatioEstimate {
        RatioEstimate {
            ratio: self.difference.exp(),
            ci95: self.interval(0.95).map(f64::exp),
        }
    }

    pub fn difference(self) -> DifferenceEstimate {
        DifferenceEstimate {
            difference: self.difference,
            ci95: self.interval(0.95),
        }
    }
}

/// Mean and variance of one group of values.
pub struct Group {
    mean: f64,
    /// The variance of the mean.
    pub variance: f64,
    /// The group's degrees of freedom.
    freedom: f64,
}

impl Group {
    /// `None` of too few values.
    pub fn of(values: &[f64]) -> Option<Self> {
        if values.len() < MIN_TRIALS {
            return None;
        }
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Some(Group {
            mean,
            variance: squares / (count - 1.0) / count,
            freedom: count - 1.0,
        })
    }
}

/// At least the degrees of the smaller group, at most those of both together.
fn freedom(a: &Group, b: &Group) -> f64 {
    let both = (a.variance + b.variance).powi(2);
    let parts = a.variance.powi(2) / a.freedom + b.variance.powi(2) / b.freedom;
    let (fewest, most) = (a.freedom.min(b.freedom), a.freedom + b.freedom);
    match parts > 0.0 {
        true => (both / parts).clamp(fewest, most),
        // All values of each group are equal.
        false => most,
    }
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};
    use rand_distr::{Distribution, LogNormal};

    use super::*;

    fn trials(random: &mut StdRng, count: usize, centre: f64, spread: f64) -> Vec<f64> {
        let shape = LogNormal::new(centre.ln(), spread).unwrap();
        (0..count).map(|_| shape.sample(random)).collect()
    }

    /// The share of campaigns whose interval includes the true value.
    fn coverage(counts: [usize; 2], spreads: [f64; 2]) -> f64 {
        const CAMPAIGNS: usize = 4_000;
        let mut random = StdRng::seed_from_u64(5);
        let held = (0..CAMPAIGNS).filter(|_| {
            let a = trials(&mut random, counts[0], 3.0, spreads[0]);
            let b = trials(&mut random, counts[1], 1.0, spreads[1]);
            let [low, high] = welch_ratio(&a, &b).unwrap().ci95;
            (low..=high).contains(&3.0)
        });
        held.count() as f64 / CAMPAIGNS as f64
    }

    #[test]
    fn groups_of_unequal_variance_have_their_coverage() {
        for counts in [[3, 3], [5, 5], [10, 10], [5, 10]] {
            for spreads in [[0.2, 0.2], [0.2, 0.02], [0.05, 0.2]] {
                let share = coverage(counts, spreads);
                assert!(
                    (0.94..=0.985).contains(&share),
                    "{counts:?} {spreads:?}: {share}"
                );
            }
        }
    }

    /// Logarithms 0, 1, 2 and 0, 0, 0: difference 1, variance 1/3, two degrees, t 4.303.
    #[test]
    fn reference_values() {
        let e = std::f64::consts::E;
        let found = welch_ratio(&[1.0, e, e * e], &[1.0; 3]).unwrap();
        let half = 4.303 / 3f64.sqrt();
        assert!((found.ratio - e).abs() < 1e-12);
        assert!((found.ci95[0].ln() - 1.0 + half).abs() < 1e-3);
        assert!((found.ci95[1].ln() - 1.0 - half).abs() < 1e-3);
    }

    #[test]
    fn groups_without_a_ratio_have_none() {
        assert_eq!(welch_ratio(&[0.0, 1.0, 1.0], &[1.0; 3]), None);
        assert_eq!(welch_ratio(&[1.0; 3], &[1.0, 1.0]), None);
        assert_eq!(welch_ratio(&[2.0; 3], &[2.0; 3]).unwrap().ci95, [1.0, 1.0]);
    }
}

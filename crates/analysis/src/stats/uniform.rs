//! A test whether samples are uniformly distributed over 0..1.

use crate::results::UniformTest;

/// The Kolmogorov–Smirnov test against U(0,1). The p-value is asymptotic, with Stephens' correction
/// for small samples (Journal of the American Statistical Association 69, 1974). `None` of no
/// samples.
///
/// The test assumes independent samples. Deliveries often are not independent: clients of one room
/// receive the same messages, and each client's polls keep their phase. Give it one client of each
/// room; the Poisson arrivals are then nearly independent of the phases.
pub fn uniformity_test(samples: &[f64]) -> Option<UniformTest> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len() as f64;
    let gap = |(place, sample): (usize, &f64)| {
        let expected = sample.clamp(0.0, 1.0);
        let below = expected - place as f64 / count;
        below.max(1.0 / count - below)
    };
    let distance = sorted.iter().enumerate().map(gap).reduce(f64::max)?;
    let root = count.sqrt();
    Some(UniformTest {
        distance,
        p_value: survival((root + 0.12 + 0.11 / root) * distance),
    })
}

/// Kolmogorov's distribution: 2·Σ(−1)^(k−1)·e^(−2k²x²).
fn survival(x: f64) -> f64 {
    // Towards 0 the series needs ever more terms; there the result is 1 to five digits.
    if x < 0.3 {
        return 1.0;
    }
    let term = |k: i32| {
        let sign = if k % 2 == 1 { 2.0 } else { -2.0 };
        sign * (-2.0 * (f64::from(k) * x).powi(2)).exp()
    };
    (1..=20).map(term).sum::<f64>().clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};

    use super::*;

    /// The p-values of tests of 100 samples each: `shape` transforms uniform samples.
    fn p_values(shape: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut random = StdRng::seed_from_u64(11);
        let mut one = || {
            let samples: Vec<_> = (0..100).map(|_| shape(random.random())).collect();
            uniformity_test(&samples).unwrap().p_value
        };
        (0..1_000).map(|_| one()).collect()
    }

    #[test]
    fn p_values_of_uniform_samples_are_uniform() {
        let mut p_values = p_values(|sample| sample);
        p_values.sort_by(f64::total_cmp);
        for tenth in 1..10 {
            let (found, expected) = (p_values[tenth * 100], tenth as f64 / 10.0);
            assert!((found - expected).abs() < 0.05, "{found} for {expected}");
        }
    }

    #[test]
    fn samples_that_are_not_uniform_are_detected() {
        let shifted = p_values(|sample| 0.3 + 0.7 * sample);
        assert!(shifted.iter().all(|p_value| *p_value < 0.01));
        let outside = uniformity_test(&[-3.0, 7.0, 8.0, 9.0, 10.0, 11.0]).unwrap();
        assert!((outside.distance - 5.0 / 6.0).abs() < 1e-12 && outside.p_value < 1e-3);
    }

    /// Kolmogorov's table: 1.3581 is exceeded with probability 5 %, 1.6276 with 1 %.
    #[test]
    fn reference_values() {
        assert!((survival(1.3581) - 0.05).abs() < 1e-4);
        assert!((survival(1.6276) - 0.01).abs() < 1e-4);
        assert!((uniformity_test(&[0.5]).unwrap().distance - 0.5).abs() < 1e-12);
        assert!(uniformity_test(&[]).is_none());
    }
}

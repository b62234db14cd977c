//! Whether samples are spread evenly over 0..1.

use crate::results::UniformTest;

/// Kolmogorov and Smirnov's test against U(0,1), p-value asymptotic with Stephens' correction for
/// small samples (Journal of the American Statistical Association 69, 1974). `None` of no samples.
///
/// It takes the samples for independent, and deliveries often are not: clients of one room get the
/// same messages, and each client's polls keep its phase. Give it one client of each room; then
/// the arrivals, which are Poisson, are as good as independent of any phase.
pub fn uniform(samples: &[f64]) -> Option<UniformTest> {
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
        p_value: exceeded((root + 0.12 + 0.11 / root) * distance),
    })
}

/// Kolmogorov's distribution: 2·Σ(−1)^(k−1)·e^(−2k²x²).
fn exceeded(x: f64) -> f64 {
    // The series needs ever more terms towards 0, where the answer is 1 to five digits.
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

    /// The p-values of tests of 100 samples each, which `shape` makes of even ones.
    fn p_values(shape: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut random = StdRng::seed_from_u64(11);
        let mut one = || {
            let samples: Vec<_> = (0..100).map(|_| shape(random.random())).collect();
            uniform(&samples).unwrap().p_value
        };
        (0..1_000).map(|_| one()).collect()
    }

    #[test]
    fn p_values_of_even_samples_are_even() {
        let mut p_values = p_values(|even| even);
        p_values.sort_by(f64::total_cmp);
        for tenth in 1..10 {
            let (found, even) = (p_values[tenth * 100], tenth as f64 / 10.0);
            assert!((found - even).abs() < 0.05, "{found} for {even}");
        }
    }

    #[test]
    fn uneven_samples_are_found_out() {
        let shifted = p_values(|even| 0.3 + 0.7 * even);
        assert!(shifted.iter().all(|p_value| *p_value < 0.01));
        let outside = uniform(&[-3.0, 7.0, 8.0, 9.0, 10.0, 11.0]).unwrap();
        assert!((outside.distance - 5.0 / 6.0).abs() < 1e-12 && outside.p_value < 1e-3);
    }

    /// Kolmogorov's table: 1.3581 is exceeded in 5 % of tests, 1.6276 in 1 %.
    #[test]
    fn by_hand() {
        assert!((exceeded(1.3581) - 0.05).abs() < 1e-4);
        assert!((exceeded(1.6276) - 0.01).abs() < 1e-4);
        assert!((uniform(&[0.5]).unwrap().distance - 0.5).abs() < 1e-12);
        assert!(uniform(&[]).is_none());
    }
}

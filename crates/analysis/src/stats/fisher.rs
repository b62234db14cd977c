//! Fisher's method: one p-value from those of several independent tests.

/// The pooled p-value of independent tests (R. A. Fisher, Statistical Methods for Research Workers,
/// 1932, section 21.1). If no test finds anything, −2·Σ ln p has a χ² distribution with two degrees of
/// freedom for each of the `p_values`, and the pooled value is uniform on 0..1. A value that is 0, as
/// an asymptotic formula may give it, makes the pooled value 0. `None` of no tests.
pub fn fisher(p_values: &[f64]) -> Option<f64> {
    let statistic: f64 = p_values.iter().map(|p_value| -2.0 * p_value.ln()).sum();
    (!p_values.is_empty()).then(|| chi_square_survival(statistic, p_values.len()))
}

/// The probability that χ² with 2·`half_freedom` degrees of freedom exceeds `x`: the probability of
/// fewer than `half_freedom` events of a Poisson distribution with mean x/2, e^(−x/2)·Σ (x/2)^i/i!
/// (Abramowitz and Stegun, 26.4.21). The terms are computed from their logarithms, because e^(−x/2)
/// of a large x is 0 in f64.
fn chi_square_survival(x: f64, half_freedom: usize) -> f64 {
    let mean = x / 2.0;
    if mean <= 0.0 || mean.is_infinite() {
        return if mean <= 0.0 { 1.0 } else { 0.0 };
    }
    let mut logarithm = -mean;
    let mut sum = logarithm.exp();
    for events in 1..half_freedom {
        logarithm += (mean / events as f64).ln();
        sum += logarithm.exp();
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};

    use super::*;

    /// The 5 %, 1 % and 50 % points of the usual table.
    #[test]
    fn reference_values() {
        for (x, freedom, tabulated) in [
            (5.991, 2, 0.05),
            (9.210, 2, 0.01),
            (9.488, 4, 0.05),
            (18.307, 10, 0.05),
            (23.209, 10, 0.01),
            (9.342, 10, 0.50),
            (43.773, 30, 0.05),
            (124.342, 100, 0.05),
        ] {
            let found = chi_square_survival(x, freedom / 2);
            assert!((found - tabulated).abs() < 1e-4, "{x} {freedom}: {found}");
        }
    }

    /// −2·ln(0.05²) = 11.983; e^(−5.991)·(1 + 5.991) = 0.01748.
    #[test]
    fn two_tests_at_the_limit_are_significant_together() {
        assert!((fisher(&[0.05, 0.05]).unwrap() - 0.017_48).abs() < 1e-5);
        assert!((fisher(&[0.3]).unwrap() - 0.3).abs() < 1e-12);
        assert_eq!(fisher(&[]), None);
    }

    #[test]
    fn extreme_values_stay_probabilities() {
        assert_eq!(fisher(&[0.0, 0.9]), Some(0.0));
        assert_eq!(fisher(&[1.0; 90]), Some(1.0));
        assert!((fisher(&[0.5; 2_000]).unwrap() - 1.0).abs() < 1e-9);
        assert!(fisher(&[1e-300; 90]).unwrap() < 1e-100);
    }

    /// The share of `sets` of 90 tests whose pooled value is below 5 %; `shape` transforms uniform
    /// p-values.
    fn found(sets: usize, shape: impl Fn(f64) -> f64) -> f64 {
        let mut random = StdRng::seed_from_u64(13);
        let below = (0..sets).filter(|_| {
            let p_values: Vec<_> = (0..90)
                .map(|_| shape(1.0 - random.random::<f64>()))
                .collect();
            fisher(&p_values).unwrap() < 0.05
        });
        below.count() as f64 / sets as f64
    }

    #[test]
    fn one_set_in_twenty_is_below_five_per_cent_by_chance() {
        let share = found(4_000, |p_value| p_value);
        assert!((0.04..=0.06).contains(&share), "{share}");
    }

    /// Each p-value is a little too small, none is remarkable alone.
    #[test]
    fn a_weak_effect_in_all_tests_is_found() {
        let share = found(500, |p_value| p_value.powf(1.5));
        assert!(share > 0.9, "{share}");
    }
}

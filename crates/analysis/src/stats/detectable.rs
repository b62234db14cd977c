//! The smallest difference that a campaign can detect.

use std::f64::consts::SQRT_2;

use super::{intervals::MIN_TRIALS, student_t::critical};

/// The smallest difference between two transports, as a share (0.1: one tenth more), that a
/// campaign with `trials` of each detects with a power of 80 %, at 95 % confidence. `variation` is
/// the coefficient of variation of a cell's trials: their standard deviation divided by their mean.
///
/// e^((t(95 %) + t(80 %))·√2·v/√n) − 1: the sample size of a paired t test, solved for the
/// difference. It takes the trials of a block as independent. They are positively correlated, which
/// makes the detectable difference smaller.
pub fn smallest_detectable(trials: u32, variation: f64) -> Option<f64> {
    if (trials as usize) < MIN_TRIALS {
        return None;
    }
    let freedom = trials - 1;
    // One-sided 80 % is two-sided 60 %.
    let errors = critical(0.95, freedom) + critical(0.60, freedom);
    Some((errors * SQRT_2 * variation / f64::from(trials).sqrt()).exp_m1())
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};

    use super::*;
    use crate::stats::paired_ratio;

    #[test]
    fn more_trials_detect_smaller_differences() {
        assert_eq!(smallest_detectable(2, 0.1), None);
        let found: Vec<_> = [3, 5, 10, 30]
            .map(|trials| smallest_detectable(trials, 0.05).unwrap())
            .into();
        assert!(found.windows(2).all(|pair| pair[0] > pair[1]), "{found:?}");
        // (2.262 + 0.883)·√2·0.05/√10.
        assert!((found[2] - 0.0729).abs() < 1e-3, "{found:?}");
    }

    #[test]
    fn a_detectable_difference_is_found_in_about_80_per_cent() {
        let mut random = StdRng::seed_from_u64(5);
        // The sum of twelve uniform numbers is nearly normal.
        let mut noise = || (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
        let mut trial = |centre: f64| centre * (0.05 * noise()).exp();
        for trials in [3, 5, 10] {
            let difference = smallest_detectable(trials, 0.05).unwrap();
            let mut pair = || (trial(1.0 + difference), trial(1.0));
            let found = (0..1_000).filter(|_| {
                let pairs: Vec<_> = (0..trials).map(|_| pair()).collect();
                paired_ratio(&pairs).unwrap().ci95[0] > 1.0
            });
            let share = found.count() as f64 / 1_000.0;
            assert!((0.74..=0.86).contains(&share), "{trials}: {share}");
        }
    }
}

//! How small a difference a campaign could still see.

use std::f64::consts::SQRT_2;

use super::{intervals::ENOUGH, student_t::critical};

/// The smallest difference between two transports, as a share (0.1: one tenth more), that `trials`
/// of each tell apart in 8 campaigns of 10, at 95 % confidence. `variation`: standard deviation
/// over mean of the trials of one cell, about what an A/A cell shows.
///
/// e^((t(95 %) + t(80 %))·√2·v/√n) − 1, the trials of a block taken for independent: what they
/// share makes it smaller. The usual sample size of a paired t test, solved for the difference.
pub fn detectable(trials: u32, variation: f64) -> Option<f64> {
    if (trials as usize) < ENOUGH {
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
    use crate::stats::ratio;

    #[test]
    fn more_trials_see_less() {
        assert_eq!(detectable(2, 0.1), None);
        let found: Vec<_> = [3, 5, 10, 30]
            .map(|trials| detectable(trials, 0.05).unwrap())
            .into();
        assert!(found.windows(2).all(|pair| pair[0] > pair[1]), "{found:?}");
        // (2.262 + 0.883)·√2·0.05/√10.
        assert!((found[2] - 0.0729).abs() < 1e-3, "{found:?}");
    }

    #[test]
    fn such_a_difference_is_mostly_seen() {
        let mut random = StdRng::seed_from_u64(5);
        // Twelve even numbers make a normal one, well enough.
        let mut noise = || (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
        let mut trial = |centre: f64| centre * (0.05 * noise()).exp();
        for trials in [3, 5, 10] {
            let difference = detectable(trials, 0.05).unwrap();
            let mut pair = || (trial(1.0 + difference), trial(1.0));
            let seen = (0..1_000).filter(|_| {
                let pairs: Vec<_> = (0..trials).map(|_| pair()).collect();
                ratio(&pairs).unwrap().ci95[0] > 1.0
            });
            let share = seen.count() as f64 / 1_000.0;
            assert!((0.74..=0.86).contains(&share), "{trials}: {share}");
        }
    }
}

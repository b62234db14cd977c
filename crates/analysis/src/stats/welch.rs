//! Two groups of trials that share no blocks, and may differ in their spread.

use super::{
    intervals::{ENOUGH, Ratio},
    student_t::critical,
};

/// The ratio of `a` to `b` by Welch's t on the logarithms of the trials' values (Biometrika 34,
/// 1947). `None` where a value is not above 0, or where either has too few.
///
/// The degrees of freedom by Welch and Satterthwaite are a fraction and an estimate themselves.
/// They are rounded down: fewer degrees widen the interval, so that it covers what it says or more.
pub fn welch(a: &[f64], b: &[f64]) -> Option<Ratio> {
    let (a, b) = (Group::of(a)?, Group::of(b)?);
    let (difference, variance) = (a.mean - b.mean, a.variance + b.variance);
    let freedom = freedom(&a, &b).floor() as u32;
    let around = |confidence| {
        let half = critical(confidence, freedom) * variance.sqrt();
        [(difference - half).exp(), (difference + half).exp()]
    };
    Some(Ratio {
        ratio: difference.exp(),
        ci95: around(0.95),
        ci99_9: around(0.999),
    })
}

/// The logarithms of one group.
struct Group {
    mean: f64,
    /// Of the mean.
    variance: f64,
    /// Its own degrees.
    freedom: f64,
}

impl Group {
    fn of(values: &[f64]) -> Option<Self> {
        if values.len() < ENOUGH || values.iter().any(|value| *value <= 0.0) {
            return None;
        }
        let count = values.len() as f64;
        let mean = values.iter().map(|value| value.ln()).sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value.ln() - mean).powi(2)).sum();
        Some(Group {
            mean,
            variance: squares / (count - 1.0) / count,
            freedom: count - 1.0,
        })
    }
}

/// Never below the smaller group's own, nor above both together.
fn freedom(a: &Group, b: &Group) -> f64 {
    let both = (a.variance + b.variance).powi(2);
    let parts = a.variance.powi(2) / a.freedom + b.variance.powi(2) / b.freedom;
    let (fewest, most) = (a.freedom.min(b.freedom), a.freedom + b.freedom);
    match parts > 0.0 {
        true => (both / parts).clamp(fewest, most),
        // Of groups that do not vary at all.
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

    /// The shares of campaigns whose intervals, 95 % and 99.9 %, hold the truth.
    fn coverage(counts: [usize; 2], spreads: [f64; 2]) -> (f64, f64) {
        const CAMPAIGNS: usize = 4_000;
        let mut random = StdRng::seed_from_u64(5);
        let (mut usual, mut wide) = (0, 0);
        for _ in 0..CAMPAIGNS {
            let a = trials(&mut random, counts[0], 3.0, spreads[0]);
            let b = trials(&mut random, counts[1], 1.0, spreads[1]);
            let found = welch(&a, &b).unwrap();
            let holds = |[low, high]: [f64; 2]| usize::from((low..=high).contains(&3.0));
            usual += holds(found.ci95);
            wide += holds(found.ci99_9);
        }
        let share = |held| held as f64 / CAMPAIGNS as f64;
        (share(usual), share(wide))
    }

    #[test]
    fn groups_unlike_each_other_are_covered() {
        for counts in [[3, 3], [5, 5], [10, 10], [5, 10]] {
            for spreads in [[0.2, 0.2], [0.2, 0.02], [0.05, 0.2]] {
                let (usual, wide) = coverage(counts, spreads);
                assert!(
                    (0.94..=0.985).contains(&usual),
                    "{counts:?} {spreads:?}: {usual}"
                );
                assert!(wide >= 0.997, "{counts:?} {spreads:?}: {wide}");
            }
        }
    }

    /// Logarithms 0, 1, 2 and 0, 0, 0: difference 1, variance 1/3, two degrees, t 4.303.
    #[test]
    fn by_hand() {
        let e = std::f64::consts::E;
        let found = welch(&[1.0, e, e * e], &[1.0; 3]).unwrap();
        let half = 4.303 / 3f64.sqrt();
        assert!((found.ratio - e).abs() < 1e-12);
        assert!((found.ci95[0].ln() - 1.0 + half).abs() < 1e-3);
        assert!((found.ci95[1].ln() - 1.0 - half).abs() < 1e-3);
    }

    #[test]
    fn what_has_no_ratio_has_none() {
        assert_eq!(welch(&[0.0, 1.0, 1.0], &[1.0; 3]), None);
        assert_eq!(welch(&[1.0; 3], &[1.0, 1.0]), None);
        assert_eq!(welch(&[2.0; 3], &[2.0; 3]).unwrap().ci95, [1.0, 1.0]);
    }
}

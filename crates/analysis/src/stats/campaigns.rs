//! The comparison of one cell in two campaigns, by trials or by runs.

use super::{
    intervals::{DifferenceEstimate, MIN_TRIALS, RatioEstimate},
    welch::{Contrast, Group, logarithms},
};

/// A metric's values of one cell in one campaign.
#[derive(Clone, Debug)]
pub struct CampaignValues {
    pub by_trial: Vec<f64>,
    /// One value in a campaign of a single run.
    pub by_run: Vec<f64>,
}

impl CampaignValues {
    /// Whether there are enough runs for an interval over runs.
    pub fn has_several_runs(&self) -> bool {
        self.by_run.len() >= MIN_TRIALS
    }

    fn logarithms(&self) -> Option<Self> {
        Some(CampaignValues {
            by_trial: logarithms(&self.by_trial)?,
            by_run: logarithms(&self.by_run)?,
        })
    }
}

/// The ratio of `a` to `b` on the logarithms of their values.
///
/// - Both have several runs: Welch's t over the runs' values.
/// - Neither has: Welch's t over the trials. Such an interval covers chance within a run only.
/// - One has R runs, of mean m and variance s², the other a single run of value y. A run's value has
///   the variance s², whichever campaign it belongs to, so y − m has the variance s²·(1 + 1/R), and
///   the interval is ± t·s·√(1 + 1/R) with R − 1 degrees of freedom. This takes the runs as equally
///   long. Where the variance of y over the trials of its own run, s_y²/n, is above s², as with fewer
///   trials, it takes the place of that s²: the interval is then too wide rather than too narrow.
///
/// `None` where a value is not positive, or where there are too few.
pub fn ratio_of_campaigns(a: &CampaignValues, b: &CampaignValues) -> Option<RatioEstimate> {
    Some(contrast(&a.logarithms()?, &b.logarithms()?)?.ratio())
}

/// The difference `a` − `b` of the values themselves, as in [`ratio_of_campaigns`]. `None` where there
/// are too few values.
pub fn difference_of_campaigns(
    a: &CampaignValues,
    b: &CampaignValues,
) -> Option<DifferenceEstimate> {
    Some(contrast(a, b)?.difference())
}

fn contrast(a: &CampaignValues, b: &CampaignValues) -> Option<Contrast> {
    match (a.has_several_runs(), b.has_several_runs()) {
        (true, true) => Some(Contrast::welch(
            &Group::of(&a.by_run)?,
            &Group::of(&b.by_run)?,
        )),
        (false, false) => Some(Contrast::welch(
            &Group::of(&a.by_trial)?,
            &Group::of(&b.by_trial)?,
        )),
        (false, true) => single_against_several(a, b),
        (true, false) => single_against_several(b, a).map(Contrast::reversed),
    }
}

fn single_against_several(single: &CampaignValues, several: &CampaignValues) -> Option<Contrast> {
    let [value] = single.by_run[..] else {
        return None;
    };
    let own = Group::of(&single.by_trial)?.variance;
    Some(Contrast::of_single_run(
        value,
        own,
        &Group::of(&several.by_run)?,
    ))
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};
    use rand_distr::{Distribution, Normal};

    use super::*;

    const TRIALS: usize = 5;

    /// A campaign of `runs` runs of a cell whose true value is `centre`; `between` and `within` are
    /// the standard deviations of the logarithms between runs and between the trials of a run.
    fn campaign(
        random: &mut StdRng,
        runs: usize,
        centre: f64,
        [between, within]: [f64; 2],
    ) -> CampaignValues {
        let mut normal = |spread: f64| Normal::new(0.0, spread).unwrap().sample(random);
        let (mut by_trial, mut by_run) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            let of_run = centre.ln() + normal(between);
            let logs: Vec<_> = (0..TRIALS).map(|_| of_run + normal(within)).collect();
            by_run.push((logs.iter().sum::<f64>() / TRIALS as f64).exp());
            by_trial.extend(logs.into_iter().map(f64::exp));
        }
        CampaignValues { by_trial, by_run }
    }

    /// The share of pairs of campaigns whose 95 % interval includes the true ratio, 3.
    fn coverage(runs: [usize; 2], spreads: [f64; 2]) -> f64 {
        const PAIRS: usize = 3_000;
        let mut random = StdRng::seed_from_u64(21);
        let held = (0..PAIRS).filter(|_| {
            let a = campaign(&mut random, runs[0], 3.0, spreads);
            let b = campaign(&mut random, runs[1], 1.0, spreads);
            let [low, high] = ratio_of_campaigns(&a, &b).unwrap().ci95;
            (low..=high).contains(&3.0)
        });
        held.count() as f64 / PAIRS as f64
    }

    #[test]
    fn intervals_over_runs_have_their_coverage() {
        for spreads in [[0.1, 0.05], [0.02, 0.1], [0.0, 0.1]] {
            for runs in [[3, 3], [5, 5], [3, 8]] {
                let share = coverage(runs, spreads);
                assert!(
                    (0.93..=0.985).contains(&share),
                    "{runs:?} {spreads:?}: {share}"
                );
            }
        }
    }

    #[test]
    fn a_single_run_takes_the_variance_between_the_runs_of_the_other() {
        for runs in [[1, 3], [5, 1], [1, 10]] {
            let share = coverage(runs, [0.1, 0.02]);
            assert!((0.935..=0.965).contains(&share), "{runs:?}: {share}");
            // Where the trials differ more than the runs, their variance is often taken instead.
            let share = coverage(runs, [0.05, 0.1]);
            assert!((0.94..=0.995).contains(&share), "{runs:?}: {share}");
        }
    }

    #[test]
    fn single_runs_cover_chance_within_a_run_only() {
        let share = coverage([1, 1], [0.0, 0.1]);
        assert!((0.93..=0.97).contains(&share), "{share}");
        let share = coverage([1, 1], [0.1, 0.05]);
        assert!(share < 0.5, "{share}");
    }

    /// Runs 1, 2, 3 (m = 2, s² = 1) against the value 5: 3 ± 4.303·√(1 + 1/3).
    #[test]
    fn reference_values() {
        let several = CampaignValues {
            by_trial: vec![1.0, 2.0, 3.0],
            by_run: vec![1.0, 2.0, 3.0],
        };
        let single = |by_trial: [f64; 3]| CampaignValues {
            by_trial: by_trial.into(),
            by_run: vec![5.0],
        };
        let found = difference_of_campaigns(&single([4.9, 5.0, 5.1]), &several).unwrap();
        let half = 4.303 * (4.0f64 / 3.0).sqrt();
        assert!((found.difference - 3.0).abs() < 1e-12);
        assert!((found.ci95[0] - 3.0 + half).abs() < 1e-3);
        let reversed = difference_of_campaigns(&several, &single([4.9, 5.0, 5.1])).unwrap();
        assert!((reversed.difference + 3.0).abs() < 1e-12);
        // Trials 2, 5, 8: s_y² = 9, n = 3, so 3 takes the place of s².
        let wider = difference_of_campaigns(&single([2.0, 5.0, 8.0]), &several).unwrap();
        let half = 4.303 * (3.0f64 + 1.0 / 3.0).sqrt();
        assert!((wider.ci95[1] - 3.0 - half).abs() < 2e-3);
    }

    #[test]
    fn zero_has_a_difference_and_no_ratio() {
        let steady = |value: f64| CampaignValues {
            by_trial: vec![value; 3],
            by_run: vec![value],
        };
        assert_eq!(ratio_of_campaigns(&steady(1.0), &steady(0.0)), None);
        let found = difference_of_campaigns(&steady(1.0), &steady(0.0)).unwrap();
        assert_eq!((found.difference, found.ci95), (1.0, [1.0, 1.0]));
    }
}

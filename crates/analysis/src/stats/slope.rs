//! The slope of a linear regression.

use super::{
    intervals::{MIN_TRIALS, of_mean},
    student_t::critical,
};

/// The slope of y on x for points (x, y) by least squares, with its 95 % interval by Student's t.
/// `None` of too few points, or if all have the same x.
pub fn slope(points: &[(f64, f64)]) -> Option<(f64, [f64; 2])> {
    let n = points.len() as f64;
    let centre = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
    let (x0, y0) = (centre(|point| point.0), centre(|point| point.1));
    let spread: f64 = points.iter().map(|(x, _)| (x - x0).powi(2)).sum();
    if points.len() < MIN_TRIALS || spread <= 0.0 {
        return None;
    }
    let common: f64 = points.iter().map(|(x, y)| (x - x0) * (y - y0)).sum();
    let slope = common / spread;
    let residual = |(x, y): &(f64, f64)| (y - y0 - slope * (x - x0)).powi(2);
    let squares: f64 = points.iter().map(residual).sum();
    // Slope and intercept take two degrees of freedom.
    let freedom = points.len() - 2;
    let error = (squares / freedom as f64 / spread).sqrt();
    let half = critical(0.95, freedom as u32) * error;
    Some((slope, [slope - half, slope + half]))
}

/// The mean of the slopes of several runs, each with its points, and its 95 % interval over the runs.
/// What a run shares moves all its points and is therefore not in the residuals of one line through
/// all of them. `None` where fewer than three runs have a slope.
pub fn slope_over_runs(runs: &[Vec<(f64, f64)>]) -> Option<(f64, [f64; 2])> {
    let slopes: Vec<_> = runs
        .iter()
        .filter_map(|points| Some(slope(points)?.0))
        .collect();
    let interval = of_mean(&slopes, 0.95)?;
    Some((slopes.iter().sum::<f64>() / slopes.len() as f64, interval))
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};

    use super::{slope, slope_over_runs};

    #[test]
    fn a_straight_line_has_a_narrow_interval() {
        let line: Vec<_> = (0..10)
            .map(|x| (f64::from(x), 3.0 + 2.0 * f64::from(x)))
            .collect();
        let (value, [low, high]) = slope(&line).unwrap();
        assert!((value - 2.0).abs() < 1e-9 && high - low < 1e-6);
        assert_eq!(slope(&line[..2]), None);
        assert_eq!(slope(&[(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)]), None);
    }

    /// x̄ = 1, ȳ = 1, Σ(x−x̄)² = 2, slope 1/2; residuals 1/2, −1, 1/2; s² = 1.5; error √0.75; t of
    /// one degree is 12.706.
    #[test]
    fn reference_values() {
        let (value, [low, high]) = slope(&[(0.0, 1.0), (1.0, 0.0), (2.0, 2.0)]).unwrap();
        let half = 12.706 * 0.75f64.sqrt();
        assert!((value - 0.5).abs() < 1e-12);
        assert!((low - 0.5 + half).abs() < 1e-2 && (high - 0.5 - half).abs() < 1e-2);
    }

    #[test]
    fn its_interval_has_its_coverage() {
        let mut random = StdRng::seed_from_u64(7);
        let mut noise = || (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
        let held = (0..4_000).filter(|_| {
            let point = |x: f64| (x, 4.0 - 1.5 * x + noise());
            let points: Vec<_> = [1.0, 2.0, 5.0, 20.0, 50.0].map(point).into();
            let (_, [low, high]) = slope(&points).unwrap();
            (low..=high).contains(&-1.5)
        });
        let share = held.count() as f64 / 4_000.0;
        assert!((0.935..=0.965).contains(&share), "{share}");
    }

    /// Slopes 1, 2 and 3: s = 1, t of two degrees 4.303, √3.
    #[test]
    fn the_interval_over_runs_is_that_of_their_slopes() {
        let run = |slope: f64| vec![(0.0, 7.0), (1.0, 7.0 + slope), (2.0, 7.0 + 2.0 * slope)];
        let (value, [low, high]) = slope_over_runs(&[run(1.0), run(2.0), run(3.0)]).unwrap();
        assert!((value - 2.0).abs() < 1e-12);
        assert!((low + 0.484).abs() < 1e-3 && (high - 4.484).abs() < 1e-3);
        assert_eq!(slope_over_runs(&[run(1.0), run(2.0), Vec::new()]), None);
    }

    /// Each run has a slope of its own around the true one, as where a run's machine is slower.
    #[test]
    fn slopes_that_differ_between_runs_need_the_interval_over_runs() {
        let mut random = StdRng::seed_from_u64(8);
        let mut noise = || (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
        let (mut over_runs, mut over_trials) = (0, 0);
        for _ in 0..2_000 {
            let mut run = || {
                let own = 2.0 + 0.05 * noise();
                let point = |place: u32| {
                    let x = 10.0 * f64::from(place % 5);
                    (x, own * x + noise())
                };
                (0..25).map(point).collect::<Vec<_>>()
            };
            let runs: Vec<_> = (0..5).map(|_| run()).collect();
            let holds = |(_, [low, high]): (f64, [f64; 2])| usize::from(low <= 2.0 && 2.0 <= high);
            over_runs += holds(slope_over_runs(&runs).unwrap());
            over_trials += holds(slope(&runs.concat()).unwrap());
        }
        let [over_runs, over_trials] = [over_runs, over_trials].map(|held| held as f64 / 2_000.0);
        assert!((0.935..=0.965).contains(&over_runs), "{over_runs}");
        assert!(over_trials < 0.8, "{over_trials}");
    }
}

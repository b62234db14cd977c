//! Intervals by Student's t. The one place that needs its critical value.

/// A ratio of means with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    pub value: f64,
    pub interval: [f64; 2],
}

impl Ratio {
    /// No difference can be shown.
    pub fn holds_one(&self) -> bool {
        self.interval[0] <= 1.0 && self.interval[1] >= 1.0
    }

    pub fn inverse(self) -> Self {
        Ratio {
            value: 1.0 / self.value,
            interval: [1.0 / self.interval[1], 1.0 / self.interval[0]],
        }
    }
}

/// The t that 97.5 % stay below, for `df` degrees of freedom, which need not be whole (Cornish and
/// Fisher's expansion; Hill 1970 gives it. Exact forms for 1 and 2, between which it is bent.)
pub fn critical(df: f64) -> f64 {
    const Z: f64 = 1.959_963_984_540_054;
    if df < 3.0 {
        return small(df.max(1.0));
    }
    let z2 = Z * Z;
    let terms = [
        (z2 + 1.0) / 4.0,
        (5.0 * z2 * z2 + 16.0 * z2 + 3.0) / 96.0,
        (3.0 * z2.powi(3) + 19.0 * z2 * z2 + 17.0 * z2 - 15.0) / 384.0,
        (79.0 * z2.powi(4) + 776.0 * z2.powi(3) + 1482.0 * z2 * z2 - 1920.0 * z2 - 945.0) / 92160.0,
    ];
    let sum: f64 = (1..)
        .zip(terms)
        .map(|(power, term)| term / df.powi(power))
        .sum();
    Z * (1.0 + sum)
}

/// Between the tabled values for 1, 2 and 3 degrees, straight in 1/df² on a logarithm.
fn small(df: f64) -> f64 {
    let (from, to, a, b): (f64, f64, f64, f64) = if df < 2.0 {
        (1.0, 2.0, 12.706, 4.303)
    } else {
        (2.0, 3.0, 4.303, 3.182)
    };
    let bent = |x: f64| 1.0 / (x * x);
    let share = (bent(from) - bent(df)) / (bent(from) - bent(to));
    (a.ln() + share * (b.ln() - a.ln())).exp()
}

/// Mean and variance of the mean.
fn moments(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (values.len() >= 2).then(|| (mean, squares / (n - 1.0) / n))
}

/// A mean with its 95 % interval over trials.
pub fn mean(values: &[f64]) -> Option<(f64, [f64; 2])> {
    let (mean, variance) = moments(values)?;
    let half = critical(values.len() as f64 - 1.0) * variance.sqrt();
    Some((mean, [mean - half, mean + half]))
}

/// The ratio of `b` to `a`, by Welch's t on the logarithms of the trials' values. `None` where
/// a value is not above 0 or there are fewer than two of either.
pub fn welch(a: &[f64], b: &[f64]) -> Option<Ratio> {
    let logs = |values: &[f64]| -> Option<Vec<f64>> {
        values
            .iter()
            .map(|value| (*value > 0.0).then(|| value.ln()))
            .collect()
    };
    let (a, b) = (logs(a)?, logs(b)?);
    let ((mean_a, var_a), (mean_b, var_b)) = (moments(&a)?, moments(&b)?);
    let (difference, both) = (mean_b - mean_a, var_a + var_b);
    let freedom = |variance: f64, n: usize| variance * variance / (n as f64 - 1.0);
    let below = freedom(var_a, a.len()) + freedom(var_b, b.len());
    let df = if below > 0.0 {
        both * both / below
    } else {
        (a.len() + b.len()) as f64 - 2.0
    };
    let half = critical(df) * both.sqrt();
    Some(Ratio {
        value: difference.exp(),
        interval: [(difference - half).exp(), (difference + half).exp()],
    })
}

/// The ratio of `b` to `a` over blocks, each an (a, b): Student's t on the logarithms of the blocks'
/// ratios. `None` under the same conditions as [`welch`].
pub fn paired(blocks: &[(f64, f64)]) -> Option<Ratio> {
    let log = |(a, b): &(f64, f64)| (*a > 0.0 && *b > 0.0).then(|| (b / a).ln());
    let logs: Option<Vec<f64>> = blocks.iter().map(log).collect();
    let (value, interval) = mean(&logs?)?;
    Some(Ratio {
        value: value.exp(),
        interval: interval.map(f64::exp),
    })
}

/// The slope of y on x by least squares, with its 95 % interval; from three points on.
pub fn slope(points: &[(f64, f64)]) -> Option<(f64, [f64; 2])> {
    let n = points.len() as f64;
    let centre = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
    let (x0, y0) = (centre(|p| p.0), centre(|p| p.1));
    let spread: f64 = points.iter().map(|p| (p.0 - x0).powi(2)).sum();
    if points.len() < 3 || spread <= 0.0 {
        return None;
    }
    let slope = points.iter().map(|p| (p.0 - x0) * (p.1 - y0)).sum::<f64>() / spread;
    let residual: f64 = points
        .iter()
        .map(|p| (p.1 - y0 - slope * (p.0 - x0)).powi(2))
        .sum();
    let half = critical(n - 2.0) * (residual / (n - 2.0) / spread).sqrt();
    Some((slope, [slope - half, slope + half]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn critical_values_are_those_of_the_tables() {
        let table = [
            (1.0, 12.706),
            (2.0, 4.303),
            (3.0, 3.182),
            (4.0, 2.776),
            (9.0, 2.262),
            (18.0, 2.101),
            (120.0, 1.980),
        ];
        for (df, expected) in table {
            assert!(
                (critical(df) - expected).abs() < 0.012,
                "{df}: {}",
                critical(df)
            );
        }
    }

    #[test]
    fn a_ratio_of_means_has_its_interval() {
        let same = welch(&[1.0, 1.1, 0.9], &[1.05, 0.95, 1.0]).unwrap();
        assert!(same.holds_one());
        let twice = welch(&[1.0, 1.01, 0.99], &[2.0, 2.02, 1.98]).unwrap();
        assert!((twice.value - 2.0).abs() < 1e-9 && !twice.holds_one());
        assert!((twice.inverse().value - 0.5).abs() < 1e-9);
        assert_eq!(welch(&[0.0, 1.0], &[1.0, 1.0]), None);
        assert_eq!(welch(&[1.0], &[1.0, 1.0]), None);
        assert_eq!(
            welch(&[2.0, 2.0], &[2.0, 2.0]).unwrap().interval,
            [1.0, 1.0]
        );
    }

    #[test]
    fn what_blocks_share_does_not_widen_the_interval() {
        let blocks = [(1.0, 2.0), (2.0, 4.02), (4.0, 7.98)];
        let of = |part: fn(&(f64, f64)) -> f64| blocks.iter().map(part).collect::<Vec<_>>();
        let together = paired(&blocks).unwrap();
        let apart = welch(&of(|block| block.0), &of(|block| block.1)).unwrap();
        assert!((together.value - 2.0).abs() < 0.01);
        assert!(!together.holds_one() && apart.holds_one());
        assert_eq!(paired(&[(1.0, 0.0), (1.0, 1.0)]), None);
        assert_eq!(paired(&[(1.0, 1.0)]), None);
    }

    #[test]
    fn a_slope_has_its_interval() {
        let line: Vec<_> = (0..10)
            .map(|x| (f64::from(x), 3.0 + 2.0 * f64::from(x)))
            .collect();
        let (value, [low, high]) = slope(&line).unwrap();
        assert!((value - 2.0).abs() < 1e-9 && high - low < 1e-6);
        assert_eq!(slope(&line[..2]), None);
    }
}

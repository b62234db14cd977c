//! Ratios as the report shows them: computed here, or recorded in the results.

use analysis::stats;

/// A ratio with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    pub value: f64,
    pub interval: [f64; 2],
}

impl Ratio {
    /// Whether the interval includes 1, so that no difference can be shown.
    pub fn includes_one(&self) -> bool {
        self.interval[0] <= 1.0 && self.interval[1] >= 1.0
    }

    pub fn inverse(self) -> Self {
        Ratio {
            value: 1.0 / self.value,
            interval: [1.0 / self.interval[1], 1.0 / self.interval[0]],
        }
    }
}

impl From<stats::RatioEstimate> for Ratio {
    fn from(found: stats::RatioEstimate) -> Self {
        Ratio {
            value: found.ratio,
            interval: found.ci95,
        }
    }
}

/// A mean with its 95 % interval over these values.
pub fn mean(values: &[f64]) -> Option<(f64, [f64; 2])> {
    let interval = stats::of_mean(values, 0.95)?;
    Some((values.iter().sum::<f64>() / values.len() as f64, interval))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_swaps_the_ends_of_the_interval() {
        let twice = Ratio {
            value: 2.0,
            interval: [1.6, 2.5],
        };
        let half = twice.inverse();
        assert_eq!(half.value, 0.5);
        assert_eq!(half.interval, [0.4, 0.625]);
        assert!(!half.includes_one() && half.inverse() == twice);
    }
}

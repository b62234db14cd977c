//! A ratio as the report tells it, measured here or recorded in the results.

use analysis::stats;

/// A ratio with its 95 % interval.
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

impl From<stats::Ratio> for Ratio {
    fn from(found: stats::Ratio) -> Self {
        Ratio {
            value: found.ratio,
            interval: found.ci95,
        }
    }
}

/// A mean with its 95 % interval over trials.
pub fn mean(values: &[f64]) -> Option<(f64, [f64; 2])> {
    let interval = stats::of_mean(values, 0.95)?;
    Some((values.iter().sum::<f64>() / values.len() as f64, interval))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_turned_round_is_the_other_way() {
        let twice = Ratio {
            value: 2.0,
            interval: [1.6, 2.5],
        };
        let half = twice.inverse();
        assert_eq!(half.value, 0.5);
        assert_eq!(half.interval, [0.4, 0.625]);
        assert!(!half.holds_one() && half.inverse() == twice);
    }
}

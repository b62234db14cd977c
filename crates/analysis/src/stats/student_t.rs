//! Student's t distribution.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

/// The two-sided critical value of Student's t at this `confidence` (0 to 1, both excluded) with
/// `freedom` degrees of freedom (1 or more).
pub fn critical(confidence: f64, freedom: u32) -> f64 {
    let (mut low, mut high) = (0.0, FRAC_PI_2);
    // Bisection: each step finds one binary digit of the angle, of which f64 has 53.
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        match within(middle, freedom) < confidence {
            true => low = middle,
            false => high = middle,
        }
    }
    f64::from(freedom).sqrt() * low.tan()
}

/// The probability that |t| ≤ √freedom · tan(angle): a finite series for whole degrees of freedom
/// (Abramowitz and Stegun, 26.7.3 and 26.7.4).
fn within(angle: f64, freedom: u32) -> f64 {
    let (sine, cosine) = angle.sin_cos();
    let odd = freedom % 2 == 1;
    let mut term = if odd { cosine } else { 1.0 };
    let mut sum = 0.0;
    for step in (if odd { 3 } else { 2 }..=freedom).step_by(2) {
        sum += term;
        let step = f64::from(step);
        term *= cosine * cosine * (step - 1.0) / step;
    }
    match odd {
        true => FRAC_2_PI * (angle + sine * sum),
        false => sine * sum,
    }
}

#[cfg(test)]
mod tests {
    use super::critical;

    /// Values from the usual two-sided table.
    #[test]
    fn reference_values() {
        for (confidence, freedom, tabulated) in [
            (0.95, 1, 12.706),
            (0.95, 2, 4.303),
            (0.95, 3, 3.182),
            (0.95, 4, 2.776),
            (0.95, 9, 2.262),
            (0.95, 30, 2.042),
            (0.95, 120, 1.980),
            (0.999, 1, 636.619),
            (0.999, 2, 31.599),
            (0.999, 4, 8.610),
            (0.999, 9, 4.781),
            (0.999, 30, 3.646),
            (0.60, 2, 1.061),
            (0.60, 9, 0.883),
            (0.95, 999, 1.962),
        ] {
            let found = critical(confidence, freedom);
            assert!(
                (found - tabulated).abs() < 6e-4,
                "{confidence} {freedom}: {found}"
            );
        }
    }
}

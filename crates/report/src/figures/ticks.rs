//! The values at which an axis has ticks.

use analysis::metric::Quantity;

/// A logarithmic axis has at least so many labels, if its values allow it.
const ENOUGH: usize = 4;

/// Whether round values are powers of two.
fn is_binary(quantity: Quantity) -> bool {
    matches!(quantity, Quantity::Bytes | Quantity::BytesPerSecond)
}

/// The next round number from `rough` on: 1, 2 or 5 times a power of ten; for bytes a power of two.
pub fn step(rough: f64, quantity: Quantity) -> f64 {
    if is_binary(quantity) && rough >= 150.0 {
        return 2f64.powf(rough.log2().ceil());
    }
    let power = 10f64.powf(rough.log10().floor());
    let fits = |mantissa: &f64| mantissa * power >= rough * 0.999;
    [1.0, 2.0, 5.0, 10.0].into_iter().find(fits).unwrap_or(10.0) * power
}

/// The labelled values of a logarithmic axis: the widest spacing that gives enough of them.
pub fn logarithmic(quantity: Quantity, low: f64, high: f64) -> Vec<f64> {
    let spacings = match is_binary(quantity) {
        true => vec![
            powers(16.0, &[1.0], low, high),
            powers(4.0, &[1.0], low, high),
            powers(2.0, &[1.0], low, high),
            powers(2.0, &[1.0, 1.5], low, high),
        ],
        false => vec![
            powers(10.0, &[1.0], low, high),
            powers(10.0, &[1.0, 2.0, 5.0], low, high),
            powers(10.0, &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0], low, high),
        ],
    };
    let enough = spacings.iter().position(|values| values.len() >= ENOUGH);
    let chosen = enough.unwrap_or(spacings.len() - 1);
    spacings.into_iter().nth(chosen).unwrap_or_default()
}

/// The values between the labels of a logarithmic axis, whose shrinking distances show what it is.
pub fn between(quantity: Quantity, low: f64, high: f64) -> Vec<f64> {
    match is_binary(quantity) {
        true => powers(2.0, &[1.0], low, high),
        false => powers(10.0, &[2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], low, high),
    }
}

/// The mantissas times the powers of a base within the range. 1,024 is a power of each binary base
/// that is used here, times a power of two.
fn powers(base: f64, mantissas: &[f64], low: f64, high: f64) -> Vec<f64> {
    let origin = if base == 10.0 { 1.0 } else { 1024.0 };
    let power = |value: f64| (value / origin).log(base);
    let (first, last) = (power(low).floor() as i32, power(high).ceil() as i32);
    let of = |power: i32| {
        mantissas
            .iter()
            .map(move |one| one * origin * base.powi(power))
    };
    let values = (first..=last).flat_map(of);
    values
        .filter(|value| (low..=high).contains(value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithmic_axis_has_enough_ticks_and_not_too_many() {
        let time = |low, high| logarithmic(Quantity::Time, low, high);
        assert_eq!(time(5.0, 5e4), [10.0, 100.0, 1e3, 1e4]);
        assert_eq!(time(15.0, 600.0), [20.0, 50.0, 100.0, 200.0, 500.0]);
        assert_eq!(time(30.0, 54.0), [30.0, 40.0, 50.0]);
        for (low, high) in [(200.0, 3_000.0), (300.0, 90e3), (100.0, 1e9)] {
            let bytes = logarithmic(Quantity::Bytes, low, high);
            assert!((4..=9).contains(&bytes.len()), "{low}–{high}: {bytes:?}");
            assert!(bytes.iter().all(|value| value.log2().fract() == 0.0));
        }
    }

    #[test]
    fn bytes_have_half_steps_where_powers_of_two_are_few() {
        let bytes = logarithmic(Quantity::Bytes, 180.0, 1_900.0);
        assert_eq!(bytes, [192.0, 256.0, 384.0, 512.0, 768.0, 1_024.0, 1_536.0]);
    }

    #[test]
    fn steps_are_round() {
        assert_eq!(step(130.0, Quantity::Time), 200.0);
        assert_eq!(step(0.2, Quantity::Share), 0.2);
        assert_eq!(step(300.0, Quantity::Bytes), 512.0);
    }
}

//! The digits of a message's number.

/// The mean number of digits of the `messages` numbers that follow `before`: of the messages of a span
/// that come after those of the warm-up. Where there are none, that of the next number.
pub fn mean_digits(before: f64, messages: f64) -> f64 {
    let messages = messages.max(1.0);
    (all_digits(before + messages) - all_digits(before)) / messages
}

/// The digits of all numbers from 1 to `last` together.
fn all_digits(last: f64) -> f64 {
    let powers = std::iter::successors(Some(1.0), |power| Some(power * 10.0));
    let reached = powers.take_while(|power| *power <= last);
    reached.map(|power| last - power + 1.0).sum()
}

#[cfg(test)]
mod tests {
    use super::mean_digits;

    #[test]
    fn numbers_grow_longer() {
        assert_eq!(mean_digits(0.0, 0.0), 1.0);
        assert_eq!(mean_digits(0.0, 9.0), 1.0);
        assert_eq!(mean_digits(0.0, 10.0), 1.1);
        assert_eq!(mean_digits(99.0, 0.0), 3.0);
        let digits = (8..=1234).map(|n: u32| n.to_string().len()).sum::<usize>() as f64;
        assert!((mean_digits(7.0, 1227.0) - digits / 1227.0).abs() < 1e-12);
    }
}

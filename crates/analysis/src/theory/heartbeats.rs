//! Heartbeats of a pushed connection: the server sends one every 15 s from the connection's start.

use super::constants::HEARTBEAT_S;

/// Heartbeats a second in a span of `seconds` that begins `open` seconds after the connection was
/// opened. Those that fall into the span are counted: a short span may have none, and is not charged a
/// share of the next.
pub fn heartbeats_per_s(open: f64, seconds: f64) -> f64 {
    let until = |age: f64| (age / HEARTBEAT_S).floor();
    (until(open + seconds) - until(open)) / seconds
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::heartbeats_per_s;

    #[test]
    fn those_that_fall_into_the_span_are_counted() {
        assert_eq!(heartbeats_per_s(0.5, 2.0), 0.0);
        assert_eq!(heartbeats_per_s(0.55, 15.0), 1.0 / 15.0);
        assert_eq!(heartbeats_per_s(14.0, 2.0), 0.5);
        assert_eq!(heartbeats_per_s(0.5, 60.0), 4.0 / 60.0);
    }

    proptest! {
        /// One more or one less at the most than in the long run.
        #[test]
        fn in_the_long_run_there_is_one_every_15_s(open in 0.0f64..5.0, seconds in 1.0f64..1e5) {
            let count = heartbeats_per_s(open, seconds) * seconds;
            prop_assert!((count - seconds / 15.0).abs() <= 1.0 + 1e-6);
        }
    }
}

//! The measured span in the life of a connection: what happens once, or seldom, falls into it or not.

use super::{constants::HEARTBEAT_S, model::ModelInputs};

/// A span of a connection, in seconds. All connections of a trial are opened at about the same time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Span {
    /// How long the connection was open before the span.
    pub open: f64,
    pub seconds: f64,
}

impl Span {
    /// Heartbeats a second of a pushed connection. The server sends one every 15 s from the connection's
    /// start. Those that fall into the span are counted: a short span may have none, and is not charged
    /// a share of the next.
    pub fn heartbeats_per_s(self) -> f64 {
        let until = |age: f64| (age / HEARTBEAT_S).floor();
        (until(self.open + self.seconds) - until(self.open)) / self.seconds
    }

    /// First responses a second to a long poll: the probability that the first one, which the first
    /// message or the longest wait brings, falls into the span.
    pub fn first_responses_per_s(self, inputs: &ModelInputs) -> f64 {
        let waits_at = |age: f64| match age < inputs.wait {
            true => (-inputs.rate * age).exp(),
            false => 0.0,
        };
        (waits_at(self.open) - waits_at(self.open + self.seconds)) / self.seconds
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(open: f64, seconds: f64) -> Span {
        Span { open, seconds }
    }

    #[test]
    fn heartbeats_that_fall_into_the_span_are_counted() {
        assert_eq!(span(0.5, 2.0).heartbeats_per_s(), 0.0);
        assert_eq!(span(0.55, 15.0).heartbeats_per_s(), 1.0 / 15.0);
        assert_eq!(span(14.0, 2.0).heartbeats_per_s(), 0.5);
        assert_eq!(span(0.5, 60.0).heartbeats_per_s(), 4.0 / 60.0);
    }

    /// λ = 1: e^(−0.5) − e^(−2.5) = 0.60653 − 0.08208. Without messages it comes after the longest wait.
    #[test]
    fn a_first_response_falls_into_the_span_or_not() {
        let inputs = |rate, wait| ModelInputs {
            one_way: 0.0,
            interval: 1.0,
            rate,
            wait,
            handshakes: 0.0,
            processing: 0.0,
        };
        let of = |seconds, rate, wait| {
            span(0.5, seconds).first_responses_per_s(&inputs(rate, wait)) * seconds
        };
        assert!((of(2.0, 1.0, 30.0) - 0.52445).abs() < 1e-5);
        assert_eq!(of(15.0, 0.0, 5.0), 1.0);
        assert_eq!(of(3.0, 0.0, 5.0), 0.0);
    }

    proptest! {
        /// One more or one less at the most than in the long run.
        #[test]
        fn in_the_long_run_there_is_one_heartbeat_every_15_s(open in 0.0f64..5.0, seconds in 1.0f64..1e5) {
            let count = span(open, seconds).heartbeats_per_s() * seconds;
            prop_assert!((count - seconds / 15.0).abs() <= 1.0 + 1e-6);
        }
    }
}

//! When what enters a link leaves it.

use std::time::{Duration, Instant};

/// One direction of a link.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Route {
    pub delay: Duration,
    /// Up to this much more or less; what entered first still leaves first.
    pub jitter: Duration,
    /// Bits a second; unlimited where there is none.
    pub bits_per_second: Option<f64>,
}

/// A time in which the link carries nothing.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    pub from: Instant,
    pub until: Instant,
}

/// The least retransmission timeout of Linux's TCP, on top of the round trip.
const LEAST_TIMEOUT: Duration = Duration::from_millis(200);
/// The first timeout of a handshake (RFC 6298).
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(1);

impl Cut {
    /// When a segment that was sent at `sent` gets through: at once outside of the cut, else with
    /// the first retransmission after it, each waiting twice as long as the one before.
    fn passed(&self, sent: Instant, mut timeout: Duration) -> Instant {
        let mut at = sent;
        while (self.from..self.until).contains(&at) {
            at += timeout;
            timeout *= 2;
        }
        at
    }
}

/// When a piece enters a link, and when it leaves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    pub enters: Instant,
    pub leaves: Instant,
}

/// The departures of one direction of one connection.
pub struct Departures {
    route: Route,
    round_trip: Duration,
    /// No byte passes before the handshake has.
    opened: Instant,
    line_free: Instant,
    last: Instant,
}

impl Departures {
    /// For a connection that is opened at `now`; its handshake takes a round trip.
    pub fn new(route: Route, round_trip: Duration, now: Instant, cut: Option<Cut>) -> Self {
        let through = cut.map_or(now, |cut| cut.passed(now, HANDSHAKE_TIMEOUT));
        Departures {
            route,
            round_trip,
            opened: through + round_trip,
            line_free: now,
            last: now,
        }
    }

    /// When a piece that comes at `now` enters and leaves: it enters at once, but for a handshake
    /// or a cut. `chance` of 0..1 places it within the jitter.
    pub fn of(&mut self, bytes: usize, now: Instant, cut: Option<Cut>, chance: f64) -> Passage {
        let entered = now.max(self.opened);
        let timeout = self.round_trip + LEAST_TIMEOUT;
        let entered = cut.map_or(entered, |cut| cut.passed(entered, timeout));
        self.line_free = entered.max(self.line_free) + self.on_the_line(bytes);
        let jitter = self.route.jitter.mul_f64(2.0 * chance);
        let delay = (self.route.delay + jitter).saturating_sub(self.route.jitter);
        self.last = (self.line_free + delay).max(self.last);
        Passage {
            enters: entered,
            leaves: self.last,
        }
    }

    fn on_the_line(&self, bytes: usize) -> Duration {
        match self.route.bits_per_second {
            Some(rate) => Duration::from_secs_f64(bytes as f64 * 8.0 / rate),
            None => Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn plain(delay: Duration) -> Route {
        Route {
            delay,
            ..Route::default()
        }
    }

    #[test]
    fn the_first_byte_waits_for_the_handshake_and_the_others_do_not() {
        let now = Instant::now();
        let mut up = Departures::new(plain(40 * MS), 80 * MS, now, None);
        assert_eq!(up.of(10, now, None, 0.5).leaves, now + 120 * MS);
        let later = now + 1_000 * MS;
        assert_eq!(up.of(10, later, None, 0.5).leaves, later + 40 * MS);
    }

    #[test]
    fn a_rate_takes_turns_on_the_line() {
        let now = Instant::now();
        let route = Route {
            bits_per_second: Some(8_000.0),
            ..plain(10 * MS)
        };
        let mut up = Departures::new(route, Duration::ZERO, now, None);
        assert_eq!(up.of(100, now, None, 0.5).leaves, now + 110 * MS);
        assert_eq!(up.of(100, now, None, 0.5).leaves, now + 210 * MS);
    }

    #[test]
    fn what_meets_a_cut_goes_on_with_the_next_retransmission() {
        let now = Instant::now();
        let mut up = Departures::new(plain(40 * MS), 80 * MS, now - 1_000 * MS, None);
        let cut = Some(Cut {
            from: now,
            until: now + 1_000 * MS,
        });
        // Sent again after 280 ms, 560 more and 1,120 more: the third gets through.
        let through = now + (280 + 560 + 1_120) * MS;
        assert_eq!(up.of(10, now, cut, 0.5).leaves, through + 40 * MS);
        // What is sent after it does not overtake it.
        let healed = now + 1_500 * MS;
        assert_eq!(up.of(10, healed, cut, 0.5).leaves, through + 40 * MS);
    }

    #[test]
    fn a_handshake_in_a_cut_is_tried_again_after_a_second() {
        let now = Instant::now();
        let cut = Some(Cut {
            from: now - 100 * MS,
            until: now + 900 * MS,
        });
        let mut up = Departures::new(plain(40 * MS), 80 * MS, now, cut);
        let first = now + (1_000 + 80 + 40) * MS;
        assert_eq!(up.of(10, now, cut, 0.5).leaves, first);
    }

    proptest! {
        #[test]
        fn order_is_kept_and_the_delay_is_within_the_jitter(
            entries in prop::collection::vec((0u32..20, 0.0f64..1.0), 1..50)
        ) {
            let mut now = Instant::now();
            let route = Route { jitter: 5 * MS, ..plain(10 * MS) };
            let mut up = Departures::new(route, Duration::ZERO, now, None);
            let mut last = now;
            for (pause, chance) in entries {
                now += pause * MS;
                let leaves = up.of(1, now, None, chance).leaves;
                prop_assert!(leaves >= last);
                prop_assert!(leaves >= now + 5 * MS && leaves <= now.max(last) + 15 * MS);
                last = leaves;
            }
        }
    }
}

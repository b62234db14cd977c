//! When bytes that enter a link leave it.

use std::time::{Duration, Instant};

/// The settings of one direction of a link.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DirectionSettings {
    pub delay: Duration,
    /// The delay varies by up to this much, more or less. The order of the bytes is kept.
    pub jitter: Duration,
    /// The rate in bits a second; `None` for no limit.
    pub bits_per_second: Option<f64>,
}

/// A time in which the link carries nothing.
#[derive(Clone, Copy, Debug)]
pub struct Outage {
    pub from: Instant,
    pub until: Instant,
}

/// Linux's minimum retransmission timeout, which is added to the round trip.
const MIN_RETRANSMISSION_TIMEOUT: Duration = Duration::from_millis(200);
/// The first retransmission timeout of a handshake (RFC 6298).
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(1);

impl Outage {
    /// When a segment that is sent at `sent` gets through: at once if that is outside the outage,
    /// else with the first retransmission after it. The timeout doubles with each retransmission.
    fn gets_through_at(&self, sent: Instant, mut timeout: Duration) -> Instant {
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
pub struct Transit {
    pub enters: Instant,
    pub leaves: Instant,
}

/// Computes the transits of one direction of one connection.
pub struct Schedule {
    settings: DirectionSettings,
    round_trip: Duration,
    /// When the handshake is complete. No byte enters before it.
    established: Instant,
    /// When the last piece has been transmitted at the link's rate.
    sender_free: Instant,
    last_departure: Instant,
}

impl Schedule {
    /// For a connection whose handshake starts at `now` and takes one round trip.
    pub fn new(
        settings: DirectionSettings,
        round_trip: Duration,
        now: Instant,
        outage: Option<Outage>,
    ) -> Self {
        let arrival = outage.map_or(now, |outage| outage.gets_through_at(now, HANDSHAKE_TIMEOUT));
        Schedule {
            settings,
            round_trip,
            established: arrival + round_trip,
            sender_free: now,
            last_departure: now,
        }
    }

    /// When a piece that arrives at `now` enters the link and leaves it. It enters at once unless
    /// the handshake or an outage delays it. `jitter_position` of 0..1 is its place in the jitter.
    pub fn transit(
        &mut self,
        bytes: usize,
        now: Instant,
        outage: Option<Outage>,
        jitter_position: f64,
    ) -> Transit {
        let enters = now.max(self.established);
        let timeout = self.round_trip + MIN_RETRANSMISSION_TIMEOUT;
        let enters = outage.map_or(enters, |outage| outage.gets_through_at(enters, timeout));
        self.sender_free = enters.max(self.sender_free) + self.transmission_time(bytes);
        let jitter = self.settings.jitter.mul_f64(2.0 * jitter_position);
        let delay = (self.settings.delay + jitter).saturating_sub(self.settings.jitter);
        self.last_departure = (self.sender_free + delay).max(self.last_departure);
        Transit {
            enters,
            leaves: self.last_departure,
        }
    }

    fn transmission_time(&self, bytes: usize) -> Duration {
        match self.settings.bits_per_second {
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

    fn plain(delay: Duration) -> DirectionSettings {
        DirectionSettings {
            delay,
            ..DirectionSettings::default()
        }
    }

    #[test]
    fn the_first_byte_waits_for_the_handshake_and_the_others_do_not() {
        let now = Instant::now();
        let mut up = Schedule::new(plain(40 * MS), 80 * MS, now, None);
        assert_eq!(up.transit(10, now, None, 0.5).leaves, now + 120 * MS);
        let later = now + 1_000 * MS;
        assert_eq!(up.transit(10, later, None, 0.5).leaves, later + 40 * MS);
    }

    #[test]
    fn a_rate_limit_delays_one_piece_after_another() {
        let now = Instant::now();
        let settings = DirectionSettings {
            bits_per_second: Some(8_000.0),
            ..plain(10 * MS)
        };
        let mut up = Schedule::new(settings, Duration::ZERO, now, None);
        assert_eq!(up.transit(100, now, None, 0.5).leaves, now + 110 * MS);
        assert_eq!(up.transit(100, now, None, 0.5).leaves, now + 210 * MS);
    }

    #[test]
    fn a_piece_sent_in_an_outage_arrives_with_a_retransmission() {
        let now = Instant::now();
        let mut up = Schedule::new(
            plain(40 * MS),
            80 * MS,
            now.checked_sub(1_000 * MS).unwrap(),
            None,
        );
        let outage = Some(Outage {
            from: now,
            until: now + 1_000 * MS,
        });
        // Retransmitted after 280 ms, 560 ms more and 1,120 ms more: the third gets through.
        let arrival = now + (280 + 560 + 1_120) * MS;
        assert_eq!(up.transit(10, now, outage, 0.5).leaves, arrival + 40 * MS);
        // A later piece does not overtake it.
        let later = now + 1_500 * MS;
        assert_eq!(up.transit(10, later, outage, 0.5).leaves, arrival + 40 * MS);
    }

    #[test]
    fn a_handshake_in_an_outage_is_retried_after_a_second() {
        let now = Instant::now();
        let outage = Some(Outage {
            from: now.checked_sub(100 * MS).unwrap(),
            until: now + 900 * MS,
        });
        let mut up = Schedule::new(plain(40 * MS), 80 * MS, now, outage);
        let first = now + (1_000 + 80 + 40) * MS;
        assert_eq!(up.transit(10, now, outage, 0.5).leaves, first);
    }

    proptest! {
        #[test]
        fn order_is_kept_and_the_delay_is_within_the_jitter(
            entries in prop::collection::vec((0u32..20, 0.0f64..1.0), 1..50)
        ) {
            let mut now = Instant::now();
            let settings = DirectionSettings { jitter: 5 * MS, ..plain(10 * MS) };
            let mut up = Schedule::new(settings, Duration::ZERO, now, None);
            let mut last_departure = now;
            for (pause, jitter_position) in entries {
                now += pause * MS;
                let leaves = up.transit(1, now, None, jitter_position).leaves;
                prop_assert!(leaves >= last_departure);
                prop_assert!(leaves >= now + 5 * MS && leaves <= now.max(last_departure) + 15 * MS);
                last_departure = leaves;
            }
        }
    }
}

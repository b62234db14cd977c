//! The statistics of a link and its outage, shared between the link's thread and its owner.

use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use parking_lot::Mutex;

use super::schedule::Outage;

/// The direction of a byte: `Up` is towards the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

/// What a link has forwarded over all its connections.
#[derive(Clone, Debug)]
pub struct LinkStatistics {
    pub bytes: u64,
    pub pieces: u64,
    /// The sum of the delays of all pieces, as they really were.
    total_delay: Duration,
    /// Actual delay minus scheduled delay, in microseconds.
    pub error_us: Histogram<u64>,
}

impl LinkStatistics {
    fn new() -> Self {
        LinkStatistics {
            bytes: 0,
            pieces: 0,
            total_delay: Duration::ZERO,
            error_us: Histogram::new(3).expect("1 to 5 digits are possible"),
        }
    }

    /// The mean actual delay, if any piece was forwarded.
    pub fn mean_delay(&self) -> Option<Duration> {
        (self.pieces > 0).then(|| self.total_delay.div_f64(self.pieces as f64))
    }

    /// The mean actual delay since `before`, if any piece was forwarded since.
    pub fn mean_delay_since(&self, before: &LinkStatistics) -> Option<Duration> {
        let pieces = self.pieces - before.pieces;
        (pieces > 0).then(|| {
            self.total_delay
                .checked_sub(before.total_delay)
                .unwrap()
                .div_f64(pieces as f64)
        })
    }

    /// The errors of the pieces that were forwarded since `before`.
    pub fn errors_since(&self, before: &LinkStatistics) -> Histogram<u64> {
        let mut errors = self.error_us.clone();
        errors -= &before.error_us;
        errors
    }

    /// The statistics of both directions together.
    pub fn combined(&self, other: &LinkStatistics) -> LinkStatistics {
        let mut error_us = self.error_us.clone();
        error_us += &other.error_us;
        LinkStatistics {
            bytes: self.bytes + other.bytes,
            pieces: self.pieces + other.pieces,
            total_delay: self.total_delay + other.total_delay,
            error_us,
        }
    }
}

/// The statistics of both directions, and the last outage.
pub struct Traffic {
    up: Mutex<LinkStatistics>,
    down: Mutex<LinkStatistics>,
    outage: Mutex<Option<Outage>>,
}

impl Traffic {
    pub fn new() -> Self {
        Traffic {
            up: Mutex::new(LinkStatistics::new()),
            down: Mutex::new(LinkStatistics::new()),
            outage: Mutex::new(None),
        }
    }

    pub fn statistics(&self, direction: Direction) -> LinkStatistics {
        self.in_direction(direction).lock().clone()
    }

    pub fn outage(&self) -> Option<Outage> {
        *self.outage.lock()
    }

    /// Starts an outage that lasts for `duration`.
    pub fn start_outage(&self, duration: Duration) {
        let from = Instant::now();
        *self.outage.lock() = Some(Outage {
            from,
            until: from + duration,
        });
    }

    pub fn record(&self, direction: Direction, bytes: usize, scheduled: Duration, late: Duration) {
        let mut statistics = self.in_direction(direction).lock();
        statistics.bytes += bytes as u64;
        statistics.pieces += 1;
        statistics.total_delay += scheduled + late;
        // `saturating_record` would limit the value to the current range instead of growing it.
        let recorded = statistics.error_us.record(late.as_micros() as u64);
        recorded.expect("the histogram resizes itself");
    }

    fn in_direction(&self, direction: Direction) -> &Mutex<LinkStatistics> {
        match direction {
            Direction::Up => &self.up,
            Direction::Down => &self.down,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_error_is_recorded_as_it_is() {
        let traffic = Traffic::new();
        let before = traffic.statistics(Direction::Up);
        for late_ms in [0, 3, 250] {
            let late = Duration::from_millis(late_ms);
            traffic.record(Direction::Up, 10, Duration::from_millis(40), late);
        }
        let errors = traffic.statistics(Direction::Up).errors_since(&before);
        assert_eq!(errors.len(), 3);
        assert!(
            (249_000..=251_000).contains(&errors.max()),
            "{}",
            errors.max()
        );
        assert!((2_990..=3_010).contains(&errors.value_at_quantile(0.5)));
    }
}

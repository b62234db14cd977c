//! The clock of all measurements: CLOCK_MONOTONIC in nanoseconds, and its offset from the wall
//! clock.

use rustix::time::{ClockId, Timespec, clock_gettime};

/// Nanoseconds of CLOCK_MONOTONIC: the same in every process of this machine.
pub fn now() -> u64 {
    nanoseconds(clock_gettime(ClockId::Monotonic)) as u64
}

/// The processor time of this process, in nanoseconds.
pub fn own_processor_time() -> u64 {
    nanoseconds(clock_gettime(ClockId::ProcessCPUTime)) as u64
}

/// The wall clock minus [`now`], in nanoseconds: the most precise of several readings.
pub fn wall_offset() -> i64 {
    let readings = (0..9).map(|_| {
        let before = now();
        let wall = nanoseconds(clock_gettime(ClockId::Realtime));
        let after = now();
        (
            after - before,
            wall - (before + (after - before) / 2) as i64,
        )
    });
    readings
        .min_by_key(|(took, _)| *took)
        .map_or(0, |(_, ahead)| ahead)
}

/// The mean duration of a clock reading, in nanoseconds.
pub fn cost_ns() -> f64 {
    const READINGS: u32 = 200_000;
    let start = now();
    for _ in 0..READINGS {
        std::hint::black_box(now());
    }
    (now() - start) as f64 / f64::from(READINGS)
}

/// Nanoseconds as a timespec, for an absolute sleep.
pub fn timespec(nanoseconds: u64) -> Timespec {
    Timespec {
        tv_sec: (nanoseconds / 1_000_000_000) as i64,
        tv_nsec: (nanoseconds % 1_000_000_000) as i64,
    }
}

fn nanoseconds(time: Timespec) -> i64 {
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Seconds as nanoseconds.
pub fn ns(seconds: f64) -> u64 {
    (seconds * 1e9).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_of_the_clocks_is_stable() {
        let (first, second) = (wall_offset(), wall_offset());
        assert!((first - second).abs() < 50_000, "{first} {second}");
        assert!(now() < now() + 1 && cost_ns() > 0.0);
    }
}

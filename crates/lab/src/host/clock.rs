//! One clock: CLOCK_MONOTONIC in nanoseconds, and how the wall clock stands to it.

use rustix::time::{ClockId, Timespec, clock_gettime};

/// Nanoseconds of CLOCK_MONOTONIC: the same in every process of this machine.
pub fn now() -> u64 {
    nanoseconds(clock_gettime(ClockId::Monotonic)) as u64
}

/// The processor time of this process, in nanoseconds.
pub fn own_processor_time() -> u64 {
    nanoseconds(clock_gettime(ClockId::ProcessCPUTime)) as u64
}

/// What the wall clock is ahead of [`now`], in nanoseconds: the best of several looks.
pub fn wall_ahead() -> i64 {
    let looks = (0..9).map(|_| {
        let before = now();
        let wall = nanoseconds(clock_gettime(ClockId::Realtime));
        let after = now();
        (
            after - before,
            wall - (before + (after - before) / 2) as i64,
        )
    });
    looks
        .min_by_key(|(took, _)| *took)
        .map_or(0, |(_, ahead)| ahead)
}

/// What a look at the clock costs, in nanoseconds: the mean of a loop that does nothing else.
pub fn cost_ns() -> f64 {
    const LOOKS: u32 = 200_000;
    let start = now();
    for _ in 0..LOOKS {
        std::hint::black_box(now());
    }
    (now() - start) as f64 / f64::from(LOOKS)
}

/// As a timespec, to sleep until it.
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
    fn the_two_clocks_keep_their_distance() {
        let (one, other) = (wall_ahead(), wall_ahead());
        assert!((one - other).abs() < 50_000, "{one} {other}");
        assert!(now() < now() + 1 && cost_ns() > 0.0);
    }
}

//! What a link has carried, how late it was, and whether it is cut: shared with who watches it.

use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use parking_lot::Mutex;

use super::route::Cut;

/// Which way a byte goes; up is towards the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
}

/// What went one way, all connections together.
#[derive(Clone, Debug)]
pub struct Carried {
    pub bytes: u64,
    pub pieces: u64,
    /// The sum of the delays that the pieces were really given.
    given: Duration,
    /// Delay given minus delay asked for, in microseconds.
    pub error_us: Histogram<u64>,
}

impl Carried {
    fn new() -> Self {
        Carried {
            bytes: 0,
            pieces: 0,
            given: Duration::ZERO,
            error_us: Histogram::new(3).expect("1 to 5 digits are possible"),
        }
    }

    /// The mean delay given, if any piece was carried.
    pub fn mean_delay(&self) -> Option<Duration> {
        (self.pieces > 0).then(|| self.given.div_f64(self.pieces as f64))
    }

    /// The mean delay given since an earlier look, if any piece was carried.
    pub fn mean_delay_since(&self, before: &Carried) -> Option<Duration> {
        let pieces = self.pieces - before.pieces;
        (pieces > 0).then(|| (self.given - before.given).div_f64(pieces as f64))
    }

    /// What went this way and the other.
    pub fn and(&self, other: &Carried) -> Carried {
        let mut error_us = self.error_us.clone();
        error_us += &other.error_us;
        Carried {
            bytes: self.bytes + other.bytes,
            pieces: self.pieces + other.pieces,
            given: self.given + other.given,
            error_us,
        }
    }
}

pub struct Traffic {
    up: Mutex<Carried>,
    down: Mutex<Carried>,
    cut: Mutex<Option<Cut>>,
}

impl Traffic {
    pub fn new() -> Self {
        Traffic {
            up: Mutex::new(Carried::new()),
            down: Mutex::new(Carried::new()),
            cut: Mutex::new(None),
        }
    }

    pub fn carried(&self, way: Way) -> Carried {
        self.of(way).lock().clone()
    }

    pub fn cut(&self) -> Option<Cut> {
        *self.cut.lock()
    }

    /// Carries nothing that is sent from now on for this long.
    pub fn cut_for(&self, time: Duration) {
        let from = Instant::now();
        *self.cut.lock() = Some(Cut {
            from,
            until: from + time,
        });
    }

    pub fn count(&self, way: Way, bytes: usize, asked: Duration, late: Duration) {
        let mut carried = self.of(way).lock();
        carried.bytes += bytes as u64;
        carried.pieces += 1;
        carried.given += asked + late;
        carried.error_us.saturating_record(late.as_micros() as u64);
    }

    fn of(&self, way: Way) -> &Mutex<Carried> {
        match way {
            Way::Up => &self.up,
            Way::Down => &self.down,
        }
    }
}

//! What all turns of a server say.

use std::fmt;

use crate::fan_out::{Measured, Server};

/// Where the generator is busier than this, it may be what limits.
pub const BUSY: f64 = 0.8;

/// The costs of a server with so many readers.
pub struct Summary {
    pub server: Server,
    pub readers: usize,
    /// Processor time of a delivery: the mean of all turns, in microseconds.
    cpu_us: f64,
    /// The cost as a multiple of the floor's: mean and half-width of its 95 % interval.
    pub ratio: (f64, f64),
    p50_ms: f64,
    p99_ms: f64,
    most_mib: f64,
    /// The smallest share of deliveries that came.
    share: f64,
    generator: f64,
}

impl Summary {
    pub const HEAD: &str = "                         CPU µs    × the floor         p50 ms   p99 ms   most MiB   came   generator";

    /// `floor` has the same turns of the bare server.
    pub fn new(server: Server, readers: usize, turns: &[Measured], floor: &[Measured]) -> Self {
        let mean =
            |of: fn(&Measured) -> f64| turns.iter().map(of).sum::<f64>() / turns.len() as f64;
        let ratios = turns
            .iter()
            .zip(floor)
            .map(|(own, floor)| own.cpu_us / floor.cpu_us);
        Summary {
            server,
            readers,
            cpu_us: mean(|turn| turn.cpu_us),
            ratio: mean_and_half_width(&ratios.collect::<Vec<_>>()),
            p50_ms: mean(|turn| turn.p50_ms),
            p99_ms: mean(|turn| turn.p99_ms),
            most_mib: turns.iter().map(|turn| turn.most_mib).fold(0.0, f64::max),
            share: turns.iter().map(|turn| turn.share).fold(1.0, f64::min),
            generator: mean(|turn| turn.generator),
        }
    }
}

impl Summary {
    /// Whether the load generator may be what limits.
    pub fn is_limited(&self) -> bool {
        self.generator > BUSY
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ratio, half) = self.ratio;
        let limited = if self.is_limited() { "≥" } else { " " };
        write!(
            f,
            "{:<22} {:8.2}   {ratio:6.2} ± {half:<6.2} {limited} {:9.2} {:8.2} {:10.1} {:4.0} % {:9.0} %",
            self.server.name(),
            self.cpu_us,
            self.p50_ms,
            self.p99_ms,
            self.most_mib,
            self.share * 100.0,
            self.generator * 100.0
        )
    }
}

/// The mean and the half-width of its 95 % interval (Student).
pub fn mean_and_half_width(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>();
    let error = (squares / (count - 1.0) / count).sqrt();
    (mean, student_97_5(values.len() - 1) * error)
}

/// The 97.5 % quantile of Student's t, from its series in 1/degrees (Abramowitz and Stegun 26.7.5), exact
/// for one and two degrees.
fn student_97_5(degrees: usize) -> f64 {
    let (z, n) = (1.959_964_f64, degrees as f64);
    match degrees {
        1 => 12.706,
        2 => 4.303,
        _ => {
            let first = (z.powi(3) + z) / 4.0;
            let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
            let third = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
            z + first / n + second / n.powi(2) + third / n.powi(3)
        }
    }
}

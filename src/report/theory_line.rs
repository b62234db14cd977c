//! The models' curves between the measured points, as lists of points for a figure. The formulas
//! and where they come from are those of the report's page on the models.

use crate::{lab::scenario::Experiment, wire::Transport};

/// Points of a curve.
const STEPS: usize = 120;

/// What the models depend on: microseconds, and messages a second in a room.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// d, as measured.
    pub one_way: f64,
    /// T, as configured.
    pub interval: f64,
    /// λ, as configured.
    pub rate: f64,
    /// Round trips of opening a connection, for each poll; 0 where it is kept.
    pub handshakes: f64,
}

impl Setting {
    pub fn of(experiment: &Experiment, one_way_us: f64) -> Self {
        let transport = &experiment.transport;
        Setting {
            one_way: one_way_us,
            interval: transport.interval_ms * 1e3,
            rate: experiment.load.rate,
            handshakes: if transport.keep_alive { 0.0 } else { 1.0 },
        }
    }

    /// The setting with a swept parameter at another value; `None` for one that no model knows.
    pub fn with(mut self, parameter: &str, value: f64) -> Option<Self> {
        match parameter {
            "one_way_ms" => self.one_way = value * 1e3,
            "interval_ms" => self.interval = value * 1e3,
            "target_ms" => self.interval = (2.0 * (value * 1e3 - 2.0 * self.one_way)).max(1e3),
            "rate" => self.rate = value,
            _ => return None,
        }
        Some(self)
    }

    /// G: from answer sent to next request parked.
    fn gap(&self) -> f64 {
        2.0 * self.one_way * (1.0 + self.handshakes)
    }

    /// C: from poll to poll.
    fn cycle(&self) -> f64 {
        self.interval + self.gap()
    }

    /// λG and p₀: messages in a gap, and how likely there is none.
    fn gap_load(&self) -> (f64, f64) {
        let load = self.rate * self.gap() / 1e6;
        (load, (-load).exp())
    }

    /// π₀: the share of messages that find a poll parked.
    fn parked(&self) -> f64 {
        let (load, none) = self.gap_load();
        if none > 0.0 {
            none / (load + none)
        } else {
            0.0
        }
    }
}

/// A delivery's latency that the share `q` stays below, in microseconds.
pub fn quantile(transport: Transport, at: &Setting, q: f64) -> f64 {
    let d = at.one_way;
    match transport {
        Transport::ShortPoll => d + q * at.cycle(),
        Transport::LongPoll => d + at.gap() * ((q - at.parked()) / (1.0 - at.parked())).max(0.0),
        Transport::Sse | Transport::WebSocket => d,
    }
}

fn mean(transport: Transport, at: &Setting) -> f64 {
    let d = at.one_way;
    match transport {
        Transport::ShortPoll => d + at.cycle() / 2.0,
        Transport::LongPoll => d + (1.0 - at.parked()) * at.gap() / 2.0,
        Transport::Sse | Transport::WebSocket => d,
    }
}

fn requests_per_s(transport: Transport, at: &Setting) -> f64 {
    match transport {
        Transport::ShortPoll => 1e6 / at.cycle(),
        Transport::LongPoll => {
            let (load, none) = at.gap_load();
            at.rate / (load + none)
        }
        Transport::Sse | Transport::WebSocket => 0.0,
    }
}

/// A metric in theory; `None` for one that this file has no formula for.
pub fn value(metric: &str, transport: Transport, at: &Setting) -> Option<f64> {
    match metric {
        "delivery_mean_us" => Some(mean(transport, at)),
        "delivery_max_us" => Some(quantile(transport, at, 1.0)),
        "requests_per_s" => Some(requests_per_s(transport, at)),
        _ => {
            let q = metric
                .starts_with("delivery_")
                .then(|| super::metrics::quantile(metric))?;
            Some(quantile(transport, at, q?))
        }
    }
}

/// A metric against a swept parameter from `low` to `high`, in the parameter's own unit: evenly
/// spaced, on a logarithm where there is one.
pub fn against(
    metric: &str,
    transport: Transport,
    at: &Setting,
    parameter: &str,
    [low, high]: [f64; 2],
) -> Option<Vec<(f64, f64)>> {
    let place = |step: usize| {
        let share = step as f64 / STEPS as f64;
        if low > 0.0 {
            low * (high / low).powf(share)
        } else {
            low + (high - low) * share
        }
    };
    let point = |step: usize| {
        let x = place(step);
        Some((x, value(metric, transport, &at.with(parameter, x)?)?))
    };
    (0..=STEPS).map(point).collect()
}

/// The latency that each share stays below: (q, µs), dense towards the tail.
pub fn distribution(transport: Transport, at: &Setting, most: f64) -> Vec<(f64, f64)> {
    let nines = -(1.0 - most).log10();
    let share = |step: usize| 1.0 - 10f64.powf(-nines * step as f64 / STEPS as f64);
    let point = |q: f64| (q, quantile(transport, at, q));
    (0..=STEPS).map(share).map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(rate: f64) -> Setting {
        Setting {
            one_way: 40e3,
            interval: 2e6,
            rate,
            handshakes: 0.0,
        }
    }

    fn close(value: f64, expected: f64) {
        assert!(
            (value / expected - 1.0).abs() < 1e-3,
            "{value} is not {expected}"
        );
    }

    #[test]
    fn the_check_values_hold() {
        let short = |q| quantile(Transport::ShortPoll, &setting(0.5), q);
        close(mean(Transport::ShortPoll, &setting(0.5)), 1_080e3);
        close(short(0.95), 2_016e3);
        close(short(0.99), 2_099.2e3);
        close(short(1.0), 2_120e3);
        close(requests_per_s(Transport::ShortPoll, &setting(0.5)), 0.4808);
        close(mean(Transport::LongPoll, &setting(0.5)), 41.60e3);
        close(quantile(Transport::LongPoll, &setting(0.5), 0.99), 99.98e3);
        close(quantile(Transport::LongPoll, &setting(5.0), 0.95), 109.3e3);
        close(requests_per_s(Transport::LongPoll, &setting(50.0)), 12.44);
        close(mean(Transport::WebSocket, &setting(0.5)), 40e3);
    }

    #[test]
    fn a_curve_spans_what_is_asked_of_it() {
        let line = against(
            "delivery_mean_us",
            Transport::ShortPoll,
            &setting(1.0),
            "one_way_ms",
            [1.0, 100.0],
        );
        let line = line.unwrap();
        close(line[0].0, 1.0);
        close(line.last().unwrap().1, 1_200e3);
        assert!(line.len() <= 200);
        assert_eq!(
            against(
                "pss_bytes_per_client",
                Transport::Sse,
                &setting(1.0),
                "rate",
                [1.0, 2.0]
            ),
            None
        );
        let tail = distribution(Transport::LongPoll, &setting(0.5), 0.999);
        assert!(tail.last().unwrap().0 > 0.998);
    }
}

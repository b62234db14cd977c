//! The models against events: messages, polls and answers, one after the other.

use protocol::Transport;
use rand::{Rng, SeedableRng, rngs::StdRng};

use super::*;

const MESSAGES: usize = 200_000;

/// What a simulated client saw.
struct Seen {
    latencies: Vec<f64>,
    polls: u32,
    empty: u32,
    seconds: f64,
}

impl Seen {
    fn new() -> Self {
        Seen {
            latencies: Vec::with_capacity(MESSAGES),
            polls: 0,
            empty: 0,
            seconds: 0.0,
        }
    }

    /// An answer that leaves at `now` with what came from `first` on.
    fn answer(&mut self, messages: &[f64], now: f64, one_way: f64) {
        let next = self.latencies.len();
        let due = messages[next..].iter().take_while(|sent| **sent <= now);
        self.latencies.extend(due.map(|sent| now - sent + one_way));
        self.polls += 1;
        self.empty += u32::from(self.latencies.len() == next);
        self.seconds = now;
    }
}

fn poisson(rate: f64) -> Vec<f64> {
    let mut random = StdRng::seed_from_u64(7);
    let mut now = 0.0;
    let mut next = || {
        now += -(1.0 - random.random::<f64>()).ln() / rate;
        now
    };
    (0..MESSAGES).map(|_| next()).collect()
}

fn simulate(transport: Transport, setting: &ModelInputs) -> Seen {
    let messages = poisson(setting.rate);
    let mut seen = Seen::new();
    let mut now = 0.0;
    while let Some(next) = messages.get(seen.latencies.len()) {
        now = match transport {
            Transport::ShortPoll => now + setting.cycle(),
            _ => {
                let asked = now + setting.gap();
                next.clamp(asked, asked + setting.wait)
            }
        };
        seen.answer(&messages, now, setting.one_way);
    }
    seen
}

/// Fails where the two are further apart than `tolerance`.
fn agree(what: &str, simulated: f64, expected: f64, tolerance: f64) {
    let off = (simulated - expected).abs();
    assert!(
        off <= tolerance,
        "{what}: {simulated} simulated, {expected} expected"
    );
}

fn compare(transport: Transport, setting: ModelInputs) {
    let expected = delivery(transport, &setting).unwrap();
    let mut seen = simulate(transport, &setting);
    let spread = expected.latency.spread;
    let count = seen.latencies.len() as f64;
    agree(
        "mean",
        seen.latencies.iter().sum::<f64>() / count,
        expected.latency.mean(),
        spread * 0.004,
    );
    seen.latencies.sort_by(f64::total_cmp);
    let p95 = seen.latencies[(count * 0.95) as usize];
    agree("p95", p95, expected.latency.quantile(0.95), spread * 0.02);
    let polls = f64::from(seen.polls);
    let per_s = expected.requests_per_s();
    agree("requests", polls / seen.seconds, per_s, per_s * 0.01);
    let empty = f64::from(seen.empty);
    agree(
        "empty",
        empty / polls,
        expected.empty_share().unwrap(),
        0.005,
    );
    let batch = expected.messages_per_answer();
    agree("batch", count / (polls - empty), batch, batch * 0.01);
}

#[test]
fn short_polls_agree() {
    for (rate, interval, handshakes) in [(0.5, 2.0, 0.0), (5.0, 1.0, 1.0), (50.0, 2.0, 0.0)] {
        let setting = ModelInputs {
            one_way: 0.040,
            interval,
            rate,
            wait: 30.0,
            handshakes,
        };
        compare(Transport::ShortPoll, setting);
    }
}

#[test]
fn long_polls_agree_with_and_without_a_longest_wait() {
    let infinite = f64::INFINITY;
    for (rate, wait) in [
        (0.5, infinite),
        (5.0, infinite),
        (0.5, 2.0),
        (0.05, 5.0),
        (20.0, 1.0),
    ] {
        for handshakes in [0.0, 1.0] {
            let setting = ModelInputs {
                one_way: 0.040,
                interval: 2.0,
                rate,
                wait,
                handshakes,
            };
            compare(Transport::LongPoll, setting);
        }
    }
}

//! The models against a discrete-event simulation of messages, polls and responses.

use protocol::Transport;
use rand::{Rng, SeedableRng, rngs::StdRng};

use super::*;

const MESSAGES: usize = 200_000;

/// What was recorded of a simulated client.
struct Simulated {
    latencies: Vec<f64>,
    polls: u32,
    empty: u32,
    seconds: f64,
}

impl Simulated {
    fn new() -> Self {
        Simulated {
            latencies: Vec::with_capacity(MESSAGES),
            polls: 0,
            empty: 0,
            seconds: 0.0,
        }
    }

    /// A response sent at `now` with all messages that have arrived and were not yet delivered.
    fn poll_response(&mut self, messages: &[f64], now: f64, one_way: f64) {
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

fn simulate(transport: Transport, inputs: &ModelInputs) -> Simulated {
    let messages = poisson(inputs.rate);
    let mut simulated = Simulated::new();
    let mut now = 0.0;
    while let Some(next) = messages.get(simulated.latencies.len()) {
        now = if transport == Transport::ShortPoll {
            now + inputs.cycle()
        } else {
            let arrival = now + inputs.gap();
            next.clamp(arrival, arrival + inputs.wait)
        };
        simulated.poll_response(&messages, now, inputs.one_way);
    }
    simulated
}

/// Fails where the two are further apart than `tolerance`.
fn agree(what: &str, simulated: f64, expected: f64, tolerance: f64) {
    let off = (simulated - expected).abs();
    assert!(
        off <= tolerance,
        "{what}: {simulated} simulated, {expected} expected"
    );
}

fn compare(transport: Transport, inputs: ModelInputs) {
    let expected = predict(transport, &inputs).unwrap();
    let mut simulated = simulate(transport, &inputs);
    let spread = expected.latency.spread;
    let count = simulated.latencies.len() as f64;
    agree(
        "mean",
        simulated.latencies.iter().sum::<f64>() / count,
        expected.latency.mean(),
        spread * 0.004,
    );
    simulated.latencies.sort_by(f64::total_cmp);
    let p95 = simulated.latencies[(count * 0.95) as usize];
    agree("p95", p95, expected.latency.quantile(0.95), spread * 0.02);
    let polls = f64::from(simulated.polls);
    let per_s = expected.requests_per_s();
    agree("requests", polls / simulated.seconds, per_s, per_s * 0.01);
    let empty = f64::from(simulated.empty);
    agree(
        "empty",
        empty / polls,
        expected.empty_share().unwrap(),
        0.005,
    );
    let batch = expected.messages_per_response();
    agree("batch", count / (polls - empty), batch, batch * 0.01);
}

#[test]
fn short_polls_agree() {
    for (rate, interval, handshakes) in [(0.5, 2.0, 0.0), (5.0, 1.0, 1.0), (50.0, 2.0, 0.0)] {
        let inputs = ModelInputs {
            one_way: 0.040,
            interval,
            rate,
            wait: 30.0,
            handshakes,
            processing: 0.0,
        };
        compare(Transport::ShortPoll, inputs);
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
            let inputs = ModelInputs {
                one_way: 0.040,
                interval: 2.0,
                rate,
                wait,
                handshakes,
                processing: 0.0,
            };
            compare(Transport::LongPoll, inputs);
        }
    }
}

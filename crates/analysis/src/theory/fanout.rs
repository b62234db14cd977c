//! Fan-out: one thread sends a message to every client of a room in turn.

/// The mean additional latency of a delivery, in seconds, for `clients` N in a room with `rate` λ
/// messages a second, at `send` c seconds each: (N+1)c/2 for the clients served before, and
/// ρNc/(2(1−ρ)) for the messages queued before, where ρ = λNc (Pollaczek and Khinchine, constant
/// service time). `None` where the thread cannot keep up (ρ ≥ 1).
pub fn mean_fan_out(clients: f64, rate: f64, send: f64) -> Option<f64> {
    let service = clients * send;
    let load = rate * service;
    let queueing = load * service / (2.0 * (1.0 - load));
    (load < 1.0).then(|| (clients + 1.0) * send / 2.0 + queueing)
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};

    use super::mean_fan_out;

    #[test]
    fn a_single_client_waits_for_its_own_send_alone() {
        assert!((mean_fan_out(1.0, 0.0, 10e-6).unwrap() - 10e-6).abs() < 1e-15);
        assert!((mean_fan_out(999.0, 0.0, 10e-6).unwrap() - 5e-3).abs() < 1e-15);
        assert_eq!(mean_fan_out(1000.0, 100.0, 10e-6), None);
    }

    /// 1,000 clients at 10 µs are 10 ms a message; 60 messages a second load the thread to 0.6.
    #[test]
    fn a_simulated_thread_agrees() {
        let (clients, rate, send) = (1_000.0, 60.0, 10e-6);
        let mut random = StdRng::seed_from_u64(9);
        let (mut now, mut free, mut sum) = (0.0, 0.0, 0.0);
        const MESSAGES: usize = 100_000;
        for _ in 0..MESSAGES {
            now += -(1.0 - random.random::<f64>()).ln() / rate;
            let start = f64::max(now, free);
            free = start + clients * send;
            sum += start - now + (clients + 1.0) * send / 2.0;
        }
        let expected = mean_fan_out(clients, rate, send).unwrap();
        let simulated = sum / MESSAGES as f64;
        assert!(
            (simulated / expected - 1.0).abs() < 0.02,
            "{simulated} {expected}"
        );
    }
}

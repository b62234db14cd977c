//! The search for a capacity: the rate climbs until a step does not hold.

use analysis::{
    results::{CapacityRecord, CapacityStep, Limit},
    scenario::Search,
};

use super::receiver_pool::{ReceiverPool, StartSignal};
use crate::{host::clock, receivers::Span};

/// The share of its core that the generator may use.
pub const GENERATOR_SHARE: f64 = 0.8;

/// Watches each step, ends the ramp where one does not hold, and tells the span that was measured
/// then; the whole span where there is no ramp.
pub async fn watch(pool: &ReceiverPool, go: &StartSignal) -> (Option<CapacityRecord>, Span) {
    let Some(search) = &pool.setting().search else {
        return (None, go.span);
    };
    let mut steps = Vec::new();
    let mut limit = Limit::Schedule;
    for (number, messages) in go.steps.iter().enumerate() {
        let step = Step::new(search, go, number, *messages);
        let (share, end) = step.pass(pool).await;
        steps.push(step.judge(pool, share));
        if !steps[number].held {
            limit = if share > GENERATOR_SHARE {
                Limit::Generator
            } else {
                Limit::Latency
            };
            pool.posted.stop();
            return (
                Some(record(steps, limit)),
                Span {
                    until: end,
                    ..go.span
                },
            );
        }
    }
    (Some(record(steps, limit)), go.span)
}

fn record(steps: Vec<CapacityStep>, limit: Limit) -> CapacityRecord {
    let held = steps.iter().rev().find(|step| step.held);
    CapacityRecord {
        deliveries_per_s: held.map_or(0.0, |step| step.deliveries_per_s),
        limit,
        steps,
    }
}

struct Step {
    number: usize,
    from: u64,
    until: u64,
    /// What must have come in time when it is over.
    limit: u64,
    messages: u64,
}

impl Step {
    fn new(search: &Search, go: &StartSignal, number: usize, messages: u64) -> Self {
        let length = clock::ns(search.step_seconds);
        let from = go.span.from + length * number as u64;
        Step {
            number,
            from,
            until: from + length,
            limit: clock::ns(search.p99_ms / 1_000.0),
            messages,
        }
    }

    /// Waits for its end, and for the last moment of what was due in it. The generator's share of
    /// its core meanwhile, and the instant then.
    async fn pass(&self, pool: &ReceiverPool) -> (f64, u64) {
        pool.until(self.from).await;
        let (began, computed) = (clock::now(), pool.generator_ns());
        pool.until(self.until).await;
        let share = (pool.generator_ns() - computed) as f64 / (clock::now() - began) as f64;
        pool.until(self.until + self.limit).await;
        (share, clock::now())
    }

    /// It holds when 99 of 100 came within the limit, and the generator was not what limited it.
    fn judge(&self, pool: &ReceiverPool, share: f64) -> CapacityStep {
        let expected = self.messages * u64::from(pool.setting().load.clients);
        let deliveries = pool.context.tally.deliveries();
        let step = deliveries.steps.get(self.number);
        let in_time = step.map_or(0, |step| step.in_time);
        let held = in_time as f64 >= 0.99 * expected as f64 && share <= GENERATOR_SHARE;
        let seconds = (self.until - self.from) as f64 / 1e9;
        CapacityStep {
            deliveries_per_s: expected as f64 / seconds,
            p99_us: step.map(|step| step.end_to_end_us.raw_quantile(0.99)),
            held,
        }
    }
}

//! The load ramp: the message rate is raised step by step until the latency of a step is too high.

use analysis::{
    gates::GENERATOR_SHARE,
    results::{CapacityRecord, CapacityStep, Limit},
    scenario::Search,
};

use super::receiver_pool::{ReceiverPool, StartSignal};
use crate::{host::clock, receivers::Span};

/// Evaluates each step, and ends the ramp at the first that does not hold. Returns the result with
/// the span that was measured; without a load ramp that is the whole span.
pub async fn run(pool: &ReceiverPool, start: &StartSignal) -> (Option<CapacityRecord>, Span) {
    let Some(search) = &pool.settings().search else {
        return (None, start.span);
    };
    let mut steps = Vec::new();
    let mut limit = Limit::Schedule;
    for (number, messages) in start.steps.iter().enumerate() {
        let step = Step::new(search, start, number, *messages);
        let (share, end) = step.wait(pool).await;
        steps.push(step.evaluate(pool, share));
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
                    ..start.span
                },
            );
        }
    }
    (Some(record(steps, limit)), start.span)
}

fn record(steps: Vec<CapacityStep>, limit: Limit) -> CapacityRecord {
    let held = steps.iter().rev().find(|step| step.held);
    CapacityRecord {
        deliveries_per_s: held.map_or(0.0, |step| step.deliveries_per_s),
        limit,
        steps,
    }
}

/// A step of the load ramp, in nanoseconds of the monotonic clock.
struct Step {
    number: usize,
    from: u64,
    until: u64,
    /// The limit of latency, in nanoseconds.
    limit: u64,
    messages: u64,
}

impl Step {
    fn new(search: &Search, start: &StartSignal, number: usize, messages: u64) -> Self {
        let length = clock::ns(search.step_seconds);
        let from = start.span.from + length * number as u64;
        Step {
            number,
            from,
            until: from + length,
            limit: clock::ns(search.p99_ms / 1_000.0),
            messages,
        }
    }

    /// Waits for the end of the step, and then for the limit of latency, so that all messages of
    /// the step are in time or late. Returns the generator's share of its core, and the instant.
    async fn wait(&self, pool: &ReceiverPool) -> (f64, u64) {
        pool.until(self.from).await;
        let (began, computed) = (clock::now(), pool.generator_ns());
        pool.until(self.until).await;
        let share = (pool.generator_ns() - computed) as f64 / (clock::now() - began) as f64;
        pool.until(self.until + self.limit).await;
        (share, clock::now())
    }

    /// A step holds if 99 % of its deliveries are within the limit and the generator has not used
    /// too much of its core.
    fn evaluate(&self, pool: &ReceiverPool, share: f64) -> CapacityStep {
        let expected = self.messages * u64::from(pool.settings().load.clients);
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

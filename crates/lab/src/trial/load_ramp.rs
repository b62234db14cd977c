//! The load ramp: steps of a rate that the search chooses, until it has found the capacity.

use analysis::{
    gates::GENERATOR_SHARE,
    results::{CapacityRecord, CapacityStep},
    scenario::Search,
};

use super::{
    capacity_search::{CapacitySearch, Verdict},
    receiver_pool::{ReceiverPool, StartSignal},
};
use crate::{
    host::clock,
    receivers::{LoadStep, Span},
    schedule::Schedule,
};

/// The share of the deliveries that must be in time.
const IN_TIME: f64 = 0.99;
/// From drawing a step to its first message, in seconds: the publisher must be awake by then.
const LEAD_S: f64 = 0.005;

/// The result of a load ramp.
pub struct Ramp {
    pub capacity: CapacityRecord,
    /// From the first step to the end of the last.
    pub span: Span,
    /// The spans of the steps that held. The others overload the server or the generator on
    /// purpose, so the publisher may be late there.
    pub held: Vec<Span>,
}

/// Runs steps until the search is over or its time is; `None` without a load ramp.
pub async fn run(pool: &ReceiverPool, start: &StartSignal) -> Option<Ramp> {
    let search = pool.settings().search.as_ref()?;
    let load = &pool.settings().load;
    let deadline = start.span.from + clock::ns(load.seconds);
    let mut chosen = CapacitySearch::new(load.rate, search.factor);
    let mut steps: Vec<MeasuredStep> = Vec::new();
    settle(pool, deadline).await;
    while let Some(rate) = chosen.next() {
        let step = Step::begin(pool, start, search, rate, steps.len() as u32);
        let measured = step.measure(pool, deadline).await;
        chosen.record(rate, measured.verdict);
        steps.push(measured);
        if clock::now() + clock::ns(longest(search)) > deadline {
            break;
        }
    }
    let span = Span {
        until: clock::now(),
        ..start.span
    };
    pool.context.tally.measure(span);
    Some(Ramp::of(steps, &chosen, span))
}

/// The time of a step in seconds, until all its messages are delivered or late.
fn longest(search: &Search) -> f64 {
    LEAD_S + search.step_seconds + search.p99_ms / 1_000.0
}

/// Waits until every message has been delivered, so that no step is spoiled by the one before, or
/// for the end of the search's time.
async fn settle(pool: &ReceiverPool, deadline: u64) {
    tokio::select! {
        () = pool.all_delivered() => {}
        () = pool.until(deadline) => {}
    }
}

impl Ramp {
    fn of(steps: Vec<MeasuredStep>, search: &CapacitySearch, span: Span) -> Self {
        let load = |step: &&MeasuredStep| step.record.deliveries_per_s;
        let held: Vec<_> = steps.iter().filter(|step| step.record.held).collect();
        let greatest = held
            .iter()
            .copied()
            .max_by(|a, b| load(a).total_cmp(&load(b)));
        Ramp {
            held: held.iter().map(|step| step.span).collect(),
            capacity: CapacityRecord {
                deliveries_per_s: greatest.as_ref().map_or(0.0, load),
                limit: search.limit(),
                predicted_by_cpu: greatest.and_then(|step| step.predicted_by_cpu),
                steps: steps.iter().map(|step| step.record.clone()).collect(),
            },
            span,
        }
    }
}

/// A step with what it showed.
struct MeasuredStep {
    span: Span,
    record: CapacityStep,
    verdict: Verdict,
    /// The load in deliveries a second at which the server would use all of its core.
    predicted_by_cpu: Option<f64>,
}

/// A step that is under way.
struct Step {
    load: LoadStep,
    /// Deliveries a second at the configured rate.
    offered: f64,
    /// The number of deliveries.
    expected: u64,
}

/// The readings that a step is the difference of.
struct Readings {
    at: u64,
    generator_ns: u64,
    server_ns: Option<u64>,
    arrived: u64,
}

impl Readings {
    fn take(pool: &ReceiverPool) -> Self {
        Readings {
            at: clock::now(),
            generator_ns: pool.generator_ns(),
            server_ns: pool.server_processes.processor_ns(),
            arrived: pool.context.tally.arrived(),
        }
    }
}

impl Step {
    /// Draws the messages of a step and hands them to the publisher.
    fn begin(
        pool: &ReceiverPool,
        start: &StartSignal,
        search: &Search,
        rate: f64,
        number: u32,
    ) -> Self {
        let load = &pool.settings().load;
        let schedule = Schedule::step(load, search, rate, number, start.seed);
        let from = clock::now() + clock::ns(LEAD_S);
        let step = LoadStep {
            span: Span {
                from,
                until: from + clock::ns(search.step_seconds),
            },
            limit: clock::ns(search.p99_ms / 1_000.0),
        };
        pool.context.tally.begin_step(step);
        pool.posted.forget_overload();
        let expected = schedule.posts.len() as u64 * u64::from(load.clients);
        start.queue.add(schedule, from);
        Step {
            load: step,
            offered: rate * f64::from(pool.clients),
            expected,
        }
    }

    /// Waits for the end of the step, and then until all of its messages are delivered.
    async fn measure(self, pool: &ReceiverPool, deadline: u64) -> MeasuredStep {
        pool.until(self.load.span.from).await;
        let before = Readings::take(pool);
        pool.until(self.load.span.until).await;
        let after = Readings::take(pool);
        settle(pool, deadline).await;
        self.evaluate(pool, &before, &after)
    }

    fn evaluate(&self, pool: &ReceiverPool, before: &Readings, after: &Readings) -> MeasuredStep {
        let lasted = (after.at - before.at) as f64;
        let generator_share =
            after.generator_ns.saturating_sub(before.generator_ns) as f64 / lasted;
        let server_ns = after.server_ns.zip(before.server_ns);
        let server_ns = server_ns.map(|(after, before)| after.saturating_sub(before) as f64);
        let delivered = (after.arrived - before.arrived) as f64;
        let deliveries = pool.context.tally.deliveries();
        let tally = &deliveries.step;
        let is_in_time = tally.in_time as f64 >= IN_TIME * self.expected as f64;
        let verdict = match (generator_share > GENERATOR_SHARE, is_in_time) {
            (true, _) => Verdict::GeneratorBusy,
            (false, true) if !pool.posted.is_overloaded() => Verdict::Held,
            (false, _) => Verdict::Late,
        };
        let p99 = (tally.end_to_end_us.count() > 0).then(|| tally.end_to_end_us.raw_quantile(0.99));
        MeasuredStep {
            span: self.load.span,
            record: CapacityStep {
                deliveries_per_s: self.offered,
                p99_us: p99,
                held: verdict == Verdict::Held,
                generator_share: Some(generator_share),
                server_share: server_ns.map(|ns| ns / lasted),
            },
            verdict,
            predicted_by_cpu: server_ns.and_then(|ns| full_core(ns, delivered)),
        }
    }
}

/// The deliveries a second of a full core, by the processor time in nanoseconds that this number of
/// deliveries took.
fn full_core(server_ns: f64, delivered: f64) -> Option<f64> {
    (server_ns > 0.0 && delivered > 0.0).then(|| delivered / (server_ns / 1e9))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_core_is_predicted_from_the_time_of_a_delivery() {
        // 3,000 deliveries in 0.06 s of processor time: 20 µs each, 50,000 in a second.
        assert_eq!(full_core(60e6, 3_000.0), Some(50_000.0));
        assert_eq!(full_core(60e6, 0.0), None);
        assert_eq!(full_core(0.0, 10.0), None);
    }
}

//! The deliveries of the messages that were due in the measured span.

use analysis::{results::OverTime, samples::Samples};

/// The measured span, in nanoseconds of the monotonic clock.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: u64,
    pub until: u64,
}

impl Span {
    pub fn seconds(&self) -> f64 {
        (self.until - self.from) as f64 / 1e9
    }

    pub fn contains(&self, instant: u64) -> bool {
        (self.from..self.until).contains(&instant)
    }
}

/// The measurements of the messages that were due in the span.
#[derive(Clone, Debug, Default)]
pub struct Deliveries {
    pub delivery_us: Samples,
    pub end_to_end_us: Samples,
    /// How long each message had been there when it was read, where the kernel says it.
    pub lag_us: Samples,
    pub received: u64,
    pub duplicated: u64,
    pub reordered: u64,
    /// The bytes of the received messages' JSON.
    pub json_bytes: u64,
    /// All deliveries including the warm-up, without duplicates.
    pub all: u64,
    /// Each delivery, if it is to be kept.
    pub rows: Vec<DeliveryRow>,
    /// Of the present step of the load ramp, if there is one.
    pub step: StepTally,
    /// Once the span is known.
    pub over_time: Option<OverTime>,
    /// From the end of an outage to each client's first message.
    pub recover_us: Samples,
}

/// The messages that were due in one step of the load ramp.
#[derive(Clone, Debug, Default)]
pub struct StepTally {
    pub end_to_end_us: Samples,
    /// The messages that arrived within the limit.
    pub in_time: u64,
}

/// A step of the load ramp: when its messages are due, and the limit of their latency in
/// nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct LoadStep {
    pub span: Span,
    pub limit: u64,
}

/// A delivery, as samples.csv has it.
#[derive(Clone, Copy, Debug)]
pub struct DeliveryRow {
    pub client: u32,
    pub number: u64,
    pub due: u64,
    pub received: u64,
    pub delivery_us: u64,
}

/// A received message. Instants are in nanoseconds of the monotonic clock.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub due: u64,
    pub number: u64,
    pub at: u64,
    pub delivery_us: u64,
    /// How long it had been there when it was read.
    pub lag_us: Option<u64>,
    pub json_bytes: usize,
}

impl Delivery {
    fn end_to_end_ns(&self) -> u64 {
        self.at.saturating_sub(self.due)
    }
}

impl Deliveries {
    pub fn add(&mut self, message: &Delivery) {
        self.received += 1;
        self.json_bytes += message.json_bytes as u64;
        self.delivery_us.record(message.delivery_us);
        self.end_to_end_us.record(message.end_to_end_ns() / 1_000);
        if let Some(lag_us) = message.lag_us {
            self.lag_us.record(lag_us);
        }
    }

    /// Counts a message for its slice of the span.
    pub fn count_over_time(&mut self, span: Span, message: &Delivery) {
        if let Some(over_time) = &mut self.over_time {
            let due_s = (message.due - span.from) as f64 / 1e9;
            over_time.record(due_s, message.end_to_end_ns() / 1_000);
        }
    }

    /// Counts a message for the step in which it was due.
    pub fn count_in(&mut self, step: LoadStep, message: &Delivery) {
        if step.span.contains(message.due) {
            let latency = message.end_to_end_ns();
            self.step.end_to_end_us.record(latency / 1_000);
            self.step.in_time += u64::from(latency <= step.limit);
        }
    }
}

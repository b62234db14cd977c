//! What came of the messages that were due in the measured span.

use analysis::samples::Samples;

/// The measured span, in nanoseconds of the one clock.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: u64,
    pub until: u64,
}

impl Span {
    pub fn holds(&self, instant: u64) -> bool {
        (self.from..self.until).contains(&instant)
    }
}

/// What was measured of the messages that were due in the span.
#[derive(Clone, Debug, Default)]
pub struct Deliveries {
    pub delivery_us: Samples,
    pub end_to_end_us: Samples,
    pub received: u64,
    pub duplicated: u64,
    pub reordered: u64,
    /// Bytes of the received messages' JSON.
    pub json_bytes: u64,
    /// Every message there was, warm-up too: first comings only.
    pub all: u64,
    /// Each delivery, where it is asked for.
    pub rows: Vec<Row>,
    /// By the step in which a message was due, where the rate climbs.
    pub steps: Vec<StepTally>,
    /// From the healing of a cut to each client's first message after it.
    pub recover_us: Samples,
}

/// The messages that were due in one step of a ramp.
#[derive(Clone, Debug, Default)]
pub struct StepTally {
    pub end_to_end_us: Samples,
    /// Those that came within the limit.
    pub in_time: u64,
}

/// How a ramp is told apart into steps: nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct LoadRamp {
    pub step: u64,
    pub limit: u64,
}

/// One delivery.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub client: u32,
    pub number: u64,
    pub due: u64,
    pub received: u64,
    pub delivery_us: u64,
}

/// A message that came: instants in nanoseconds of the one clock.
pub struct Delivery {
    pub due: u64,
    pub number: u64,
    pub at: u64,
    pub delivery_us: u64,
    pub json_bytes: usize,
}

impl Delivery {
    fn age(&self) -> u64 {
        self.at.saturating_sub(self.due)
    }
}

impl Deliveries {
    pub fn add(&mut self, message: &Delivery) {
        self.received += 1;
        self.json_bytes += message.json_bytes as u64;
        self.delivery_us.record(message.delivery_us);
        self.end_to_end_us.record(message.age() / 1_000);
    }

    pub fn step(&mut self, ramp: LoadRamp, span: Span, message: &Delivery) {
        let step = ((message.due - span.from) / ramp.step) as usize;
        if self.steps.len() <= step {
            self.steps.resize_with(step + 1, StepTally::default);
        }
        let step = &mut self.steps[step];
        step.end_to_end_us.record(message.age() / 1_000);
        step.in_time += u64::from(message.age() <= ramp.limit);
    }
}

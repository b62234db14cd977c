//! The counts of all receivers of a trial, which share one thread.

use std::cell::{Cell, RefCell};

use analysis::results::{OverTime, Reason};
use tokio::sync::Notify;

use super::{
    connections::Connections,
    counted_stream::Reading,
    deliveries::{Deliveries, Delivery, DeliveryRow, LoadStep, Span, StepTally},
    faults::Faults,
    lab_message,
};
use crate::{
    audit::{Arrival, Audit},
    host::clock,
    plant::{Numbered, Plant, Tampered, Tampering},
};

/// The polls in the measured span, and the bytes of their header sections.
#[derive(Clone, Copy, Debug, Default)]
pub struct PollCounts {
    pub requests: u64,
    pub empty: u64,
    pub request_bytes: u64,
    pub empty_bytes: u64,
    pub full_bytes: u64,
}

/// The progress of one receiver in the log of its room.
#[derive(Debug, Default)]
pub struct ReceiverProgress {
    pub client: u32,
    pub audit: Audit,
    recovered: bool,
}

impl ReceiverProgress {
    pub fn new(client: u32) -> Self {
        ReceiverProgress {
            client,
            ..ReceiverProgress::default()
        }
    }
}

pub struct Tally {
    wall_offset: i64,
    span: Cell<Option<Span>>,
    step: Cell<Option<LoadStep>>,
    restored: Cell<Option<u64>>,
    deliveries: RefCell<Deliveries>,
    keeps_rows: bool,
    polls: Cell<PollCounts>,
    ready: Cell<u32>,
    changed: Notify,
    pub connections: Connections,
    faults: Faults,
    tampering: Tampering,
}

impl Tally {
    /// `wall_offset` is the wall clock minus the monotonic clock. With `keeps_rows` every delivery
    /// is kept, for `--samples` and for tests of distributions.
    pub fn new(wall_offset: i64, keeps_rows: bool, plant: Option<Plant>) -> Self {
        let faults = Faults::default();
        Tally {
            wall_offset,
            span: Cell::new(None),
            step: Cell::new(None),
            restored: Cell::new(None),
            deliveries: RefCell::default(),
            keeps_rows,
            polls: Cell::default(),
            ready: Cell::new(0),
            changed: Notify::new(),
            connections: Connections::new(faults.clone()),
            faults,
            tampering: Tampering::new(plant),
        }
    }

    pub fn measure(&self, span: Span) {
        self.span.set(Some(span));
        self.deliveries.borrow_mut().over_time = Some(OverTime::new(span.seconds()));
    }

    /// Begins a step of the load ramp. All messages of the step before must have arrived.
    pub fn begin_step(&self, step: LoadStep) {
        self.deliveries.borrow_mut().step = StepTally::default();
        self.step.set(Some(step));
    }

    /// The link was restored at `at`.
    pub fn link_restored(&self, at: u64) {
        self.restored.set(Some(at));
    }

    /// A receiver is connected.
    pub fn client_ready(&self) {
        self.ready.set(self.ready.get() + 1);
        self.changed.notify_one();
    }

    /// Waits until this number of clients is ready.
    pub async fn until_ready(&self, clients: u32) {
        while self.ready.get() < clients {
            self.changed.notified().await;
        }
    }

    /// Waits until this number of deliveries has arrived, warm-up included.
    pub async fn until_received(&self, all: u64) {
        while self.arrived() < all {
            self.changed.notified().await;
        }
    }

    /// Deliveries so far, with the warm-up and without duplicates.
    pub fn arrived(&self) -> u64 {
        self.deliveries.borrow().all
    }

    /// Counts a message that came with this reading.
    pub fn deliver(&self, progress: &mut ReceiverProgress, json: &[u8], reading: Reading) {
        let Some((seq, message)) = lab_message::read(json, reading, self.wall_offset) else {
            return self.fault(format!(
                "a message is not the lab's: {}",
                String::from_utf8_lossy(json)
            ));
        };
        if !self.tampering.concerns(self.is_in_span(&message)) {
            return self.audit(progress, (seq, message));
        }
        match self.tampering.pass(progress.client, (seq, message)) {
            Tampered::Passed(messages) => {
                for message in messages {
                    self.audit(progress, message);
                }
            }
            // The client has it, so that it does not ask for it again; it is only not counted.
            Tampered::Dropped((seq, _)) => {
                progress.audit.record(seq);
                self.deliveries.borrow_mut().all += 1;
                self.changed.notify_one();
            }
        }
    }

    fn is_in_span(&self, message: &Delivery) -> bool {
        let span = self.span.get();
        span.is_some_and(|span| span.contains(message.due))
    }

    fn audit(&self, progress: &mut ReceiverProgress, (seq, message): Numbered) {
        let arrival = progress.audit.record(seq);
        self.count(progress, arrival, message);
    }

    fn count(&self, progress: &mut ReceiverProgress, arrival: Arrival, message: Delivery) {
        let mut deliveries = self.deliveries.borrow_mut();
        if arrival != Arrival::Duplicate {
            deliveries.all += 1;
            self.changed.notify_one();
        }
        self.recover(progress, message.at, &mut deliveries);
        let Some(span) = self.span.get().filter(|span| span.contains(message.due)) else {
            return;
        };
        match arrival {
            Arrival::Duplicate => return deliveries.duplicated += 1,
            Arrival::Late => deliveries.reordered += 1,
            Arrival::InOrder => {}
        }
        if let Some(step) = self.step.get() {
            deliveries.count_in(step, &message);
        }
        deliveries.add(&message);
        deliveries.count_over_time(span, &message);
        if self.keeps_rows {
            deliveries.rows.push(DeliveryRow {
                client: progress.client,
                number: message.number,
                due: message.due,
                received: message.at,
                delivery_us: message.delivery_us,
            });
        }
    }

    fn recover(&self, progress: &mut ReceiverProgress, at: u64, deliveries: &mut Deliveries) {
        if let Some(restored) = self
            .restored
            .get()
            .filter(|restored| !progress.recovered && at >= *restored)
        {
            progress.recovered = true;
            deliveries.recover_us.record((at - restored) / 1_000);
        }
    }

    pub fn deliveries(&self) -> std::cell::Ref<'_, Deliveries> {
        self.deliveries.borrow()
    }

    /// Counts a poll with its response, and the bytes of both header sections.
    pub fn poll(&self, empty: bool, request_headers: u64, response_headers: u64) {
        if !self
            .span
            .get()
            .is_some_and(|span| span.contains(clock::now()))
        {
            return;
        }
        let mut polls = self.polls.get();
        polls.requests += 1;
        polls.request_bytes += request_headers;
        if empty {
            polls.empty += 1;
            polls.empty_bytes += response_headers;
        } else {
            polls.full_bytes += response_headers;
        }
        self.polls.set(polls);
    }

    pub fn polls(&self) -> PollCounts {
        self.polls.get()
    }

    /// Adds a fault, which makes the trial invalid.
    pub fn fault(&self, text: String) {
        self.faults.fault(text);
    }

    pub fn faults(&self) -> Vec<Reason> {
        self.faults.all()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::body;

    const AT: u64 = 5_000_000_000;

    fn message(seq: u64, due: u64, accepted_ns: i64) -> Vec<u8> {
        let sent_at = jiff::Timestamp::from_nanosecond(accepted_ns.into()).unwrap();
        let body = body::write(due, seq, 60);
        format!(r#"{{"seq":{seq},"body":"{body}","sent_at":"{sent_at}"}}"#).into_bytes()
    }

    fn reading(at: u64) -> Reading {
        Reading {
            at,
            waited: Some(Duration::from_micros(30)),
        }
    }

    fn tally() -> Tally {
        // The wall clock is three seconds ahead.
        let tally = Tally::new(3_000_000_000, true, None);
        let span = Span {
            from: AT,
            until: AT + 1_000_000_000,
        };
        tally.measure(span);
        tally
    }

    #[test]
    fn latencies_count_from_the_stamp_and_from_the_schedule() {
        let (tally, mut progress) = (tally(), ReceiverProgress::default());
        let json = message(1, AT + 1_000_000, 8_002_000_000);
        tally.deliver(&mut progress, &json, reading(AT + 42_000_000));
        let deliveries = tally.deliveries();
        assert_eq!(deliveries.delivery_us.mean(), Some(40_000.0));
        assert_eq!(deliveries.end_to_end_us.mean(), Some(41_000.0));
        assert_eq!(deliveries.lag_us.mean(), Some(30.0));
        assert_eq!(
            (deliveries.received, deliveries.all, deliveries.rows.len()),
            (1, 1, 1)
        );
    }

    #[test]
    fn the_warm_up_is_counted_but_not_measured() {
        let (tally, mut progress) = (tally(), ReceiverProgress::default());
        let early = message(1, AT - 1, 8_000_000_000);
        tally.deliver(&mut progress, &early, reading(AT + 5));
        tally.deliver(
            &mut progress,
            &message(2, AT + 1_000_000_000, 9_000_000_000),
            reading(AT + 1_000_000_005),
        );
        let deliveries = tally.deliveries();
        assert_eq!((deliveries.received, deliveries.all), (0, 2));
    }

    #[test]
    fn duplicates_and_reordering_are_counted() {
        let (tally, mut progress) = (tally(), ReceiverProgress::default());
        for seq in [1, 3, 2, 3] {
            let json = message(seq, AT + 5, 8_000_000_000);
            tally.deliver(&mut progress, &json, reading(AT + 10));
        }
        let deliveries = tally.deliveries();
        assert_eq!(
            (
                deliveries.received,
                deliveries.reordered,
                deliveries.duplicated
            ),
            (3, 1, 1)
        );
    }

    #[test]
    fn a_step_counts_its_own_messages_and_those_in_time() {
        let (tally, mut progress) = (tally(), ReceiverProgress::default());
        let step = |from, until| LoadStep {
            span: Span { from, until },
            limit: 1_000,
        };
        tally.begin_step(step(AT, AT + 50));
        for (seq, due, latency) in [(1, AT, 1_000), (2, AT + 49, 1_001), (3, AT + 50, 1)] {
            let json = message(seq, due, 8_000_000_000);
            tally.deliver(&mut progress, &json, reading(due + latency));
        }
        let counts = |tally: &Tally| {
            let step = &tally.deliveries().step;
            (step.end_to_end_us.count(), step.in_time)
        };
        assert_eq!(counts(&tally), (2, 1));
        tally.begin_step(step(AT + 50, AT + 100));
        assert_eq!(counts(&tally), (0, 0));
        assert_eq!(tally.deliveries().received, 3);
    }

    /// Lost, duplicated and reordered, of four messages with this fault among them.
    fn planted(plant: Plant) -> (u64, u64, u64) {
        let tally = Tally {
            tampering: Tampering::new(Some(plant)),
            ..tally()
        };
        let mut progress = ReceiverProgress::default();
        for seq in 1..=4 {
            let json = message(seq, AT + 5, 8_000_000_000);
            tally.deliver(&mut progress, &json, reading(AT + 10));
        }
        assert_eq!(tally.arrived(), 4);
        let deliveries = tally.deliveries();
        let lost = 4 - deliveries.received;
        (lost, deliveries.duplicated, deliveries.reordered)
    }

    #[test]
    fn the_audit_finds_each_planted_fault() {
        assert_eq!(planted(Plant::Drop), (1, 0, 0));
        assert_eq!(planted(Plant::Repeat), (0, 1, 0));
        assert_eq!(planted(Plant::Swap), (0, 0, 1));
        assert_eq!(planted(Plant::Bytes), (0, 0, 0));
    }

    #[test]
    fn another_message_is_a_fault() {
        let (tally, mut progress) = (tally(), ReceiverProgress::default());
        tally.deliver(&mut progress, b"{}", reading(AT));
        assert_eq!(tally.faults().len(), 1);
    }
}

//! What the clients of a trial have received and spent, all together. They share one thread.

use std::cell::{Cell, RefCell};

use analysis::results::Reason;
use tokio::sync::Notify;

use super::{
    connections::Connections,
    deliveries::{Deliveries, Delivery, LoadRamp, Row, Span},
    faults::Faults,
    seen,
};
use crate::{
    audit::{Arrival, Audit},
    host::clock,
};

/// PollCounts in the measured span, and the sizes of their heads.
#[derive(Clone, Copy, Debug, Default)]
pub struct PollCounts {
    pub requests: u64,
    pub empty: u64,
    pub request_bytes: u64,
    pub empty_bytes: u64,
    pub full_bytes: u64,
}

/// One client's place among the messages of its room.
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
    wall_ahead: i64,
    span: Cell<Option<Span>>,
    ramp: Cell<Option<LoadRamp>>,
    healed: Cell<Option<u64>>,
    deliveries: RefCell<Deliveries>,
    keeps_rows: bool,
    polls: Cell<PollCounts>,
    ready: Cell<u32>,
    changed: Notify,
    pub connections: Connections,
    faults: Faults,
}

impl Tally {
    /// `wall_ahead`: what the wall clock is ahead of the one clock. `keeps_rows`: every delivery is
    /// kept, for `--samples` and tests of distributions.
    pub fn new(wall_ahead: i64, keeps_rows: bool) -> Self {
        let faults = Faults::default();
        Tally {
            wall_ahead,
            span: Cell::new(None),
            ramp: Cell::new(None),
            healed: Cell::new(None),
            deliveries: RefCell::default(),
            keeps_rows,
            polls: Cell::default(),
            ready: Cell::new(0),
            changed: Notify::new(),
            connections: Connections::new(faults.clone()),
            faults,
        }
    }

    pub fn measure(&self, span: Span, ramp: Option<LoadRamp>) {
        self.span.set(Some(span));
        self.ramp.set(ramp);
    }

    /// A cut has healed just now.
    pub fn heals(&self, at: u64) {
        self.healed.set(Some(at));
    }

    /// A client has its connection, and whatever it asked for at its beginning.
    pub fn is_ready(&self) {
        self.ready.set(self.ready.get() + 1);
        self.changed.notify_one();
    }

    /// Waits until so many clients are ready.
    pub async fn until_ready(&self, clients: u32) {
        while self.ready.get() < clients {
            self.changed.notified().await;
        }
    }

    /// Waits until so many messages have come, warm-up included.
    pub async fn until_received(&self, all: u64) {
        while self.arrived() < all {
            self.changed.notified().await;
        }
    }

    /// Messages that have come, warm-up included, repetitions not.
    pub fn arrived(&self) -> u64 {
        self.deliveries.borrow().all
    }

    /// Counts a message that came at `at`.
    pub fn deliver(&self, reader: &mut ReceiverProgress, json: &[u8], at: u64) {
        let Some((seq, message)) = seen::read(json, at, self.wall_ahead) else {
            return self.fault(format!(
                "no message of the lab: {}",
                String::from_utf8_lossy(json)
            ));
        };
        let verdict = reader.audit.take(seq);
        self.count(reader, verdict, message);
    }

    fn count(&self, reader: &mut ReceiverProgress, verdict: Arrival, message: Delivery) {
        let mut deliveries = self.deliveries.borrow_mut();
        if verdict != Arrival::Repeated {
            deliveries.all += 1;
            self.changed.notify_one();
        }
        self.recover(reader, message.at, &mut deliveries);
        let Some(span) = self.span.get().filter(|span| span.holds(message.due)) else {
            return;
        };
        match verdict {
            Arrival::Repeated => return deliveries.duplicated += 1,
            Arrival::Late => deliveries.reordered += 1,
            Arrival::InOrder => {}
        }
        if let Some(ramp) = self.ramp.get() {
            deliveries.step(ramp, span, &message);
        }
        deliveries.add(&message);
        if self.keeps_rows {
            deliveries.rows.push(Row {
                client: reader.client,
                number: message.number,
                due: message.due,
                received: message.at,
                delivery_us: message.delivery_us,
            });
        }
    }

    fn recover(&self, reader: &mut ReceiverProgress, at: u64, deliveries: &mut Deliveries) {
        if let Some(healed) = self
            .healed
            .get()
            .filter(|healed| !reader.recovered && at >= *healed)
        {
            reader.recovered = true;
            deliveries.recover_us.record((at - healed) / 1_000);
        }
    }

    pub fn deliveries(&self) -> std::cell::Ref<'_, Deliveries> {
        self.deliveries.borrow()
    }

    /// Counts an answered poll: the bytes of its request and of its answer's head.
    pub fn poll(&self, empty: bool, request: u64, head: u64) {
        if !self.span.get().is_some_and(|span| span.holds(clock::now())) {
            return;
        }
        let mut polls = self.polls.get();
        polls.requests += 1;
        polls.request_bytes += request;
        if empty {
            polls.empty += 1;
            polls.empty_bytes += head;
        } else {
            polls.full_bytes += head;
        }
        self.polls.set(polls);
    }

    pub fn polls(&self) -> PollCounts {
        self.polls.get()
    }

    /// Something that makes the trial void.
    pub fn fault(&self, what: String) {
        self.faults.fault(what);
    }

    pub fn faults(&self) -> Vec<Reason> {
        self.faults.all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body;

    const AT: u64 = 5_000_000_000;

    fn message(seq: u64, due: u64, accepted_ns: i64) -> Vec<u8> {
        let sent_at = jiff::Timestamp::from_nanosecond(accepted_ns.into()).unwrap();
        let body = body::write(due, seq, 60);
        format!(r#"{{"seq":{seq},"body":"{body}","sent_at":"{sent_at}"}}"#).into_bytes()
    }

    fn tally() -> Tally {
        // The wall clock is three seconds ahead.
        let tally = Tally::new(3_000_000_000, true);
        let span = Span {
            from: AT,
            until: AT + 1_000_000_000,
        };
        tally.measure(span, None);
        tally
    }

    #[test]
    fn latency_counts_from_acceptance_and_from_the_instant_due() {
        let (tally, mut reader) = (tally(), ReceiverProgress::default());
        let json = message(1, AT + 1_000_000, 8_002_000_000);
        tally.deliver(&mut reader, &json, AT + 42_000_000);
        let deliveries = tally.deliveries();
        assert_eq!(deliveries.delivery_us.mean(), Some(40_000.0));
        assert_eq!(deliveries.end_to_end_us.mean(), Some(41_000.0));
        assert_eq!(
            (deliveries.received, deliveries.all, deliveries.rows.len()),
            (1, 1, 1)
        );
    }

    #[test]
    fn the_warm_up_is_counted_and_not_measured() {
        let (tally, mut reader) = (tally(), ReceiverProgress::default());
        tally.deliver(&mut reader, &message(1, AT - 1, 8_000_000_000), AT + 5);
        tally.deliver(
            &mut reader,
            &message(2, AT + 1_000_000_000, 9_000_000_000),
            AT + 1_000_000_005,
        );
        let deliveries = tally.deliveries();
        assert_eq!((deliveries.received, deliveries.all), (0, 2));
    }

    #[test]
    fn repetitions_and_disorder_are_told() {
        let (tally, mut reader) = (tally(), ReceiverProgress::default());
        for seq in [1, 3, 2, 3] {
            tally.deliver(&mut reader, &message(seq, AT + 5, 8_000_000_000), AT + 10);
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
    fn what_is_no_message_is_a_fault() {
        let (tally, mut reader) = (tally(), ReceiverProgress::default());
        tally.deliver(&mut reader, b"{}", AT);
        assert_eq!(tally.faults().len(), 1);
    }
}

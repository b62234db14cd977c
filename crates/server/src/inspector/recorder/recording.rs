//! The last exchanges of a connection and what they cost, since recording started.

use std::{collections::VecDeque, time::Instant};

use netlab::Direction;

use super::{
    cost::{ReaderCost, TcpCounts},
    exchange::Exchange,
    reader_costs::ReaderCosts,
    reading::HistoryRequest,
    subscription::Subscription,
};

/// The most memory that the exchanges of a connection may take, in bytes.
const MAX_KEPT: usize = 64 * 1024;

/// The recording of one connection. It starts when a session of the connection starts viewing, or
/// with the first bytes of a request that may turn out to be from a viewing session.
pub struct Recording {
    /// When the viewing period ends.
    pub until: Instant,
    exchanges: VecDeque<Exchange>,
    ledger: CostLedger,
}

/// Divides the kernel's counters among the readers that use the connection one after another.
struct CostLedger {
    /// The counters when the current exchange started.
    base: TcpCounts,
    /// How many segments with data had been received when the current request was read.
    data_segments: u64,
    costs: ReaderCosts,
}

impl Recording {
    /// `counts` are the kernel's current counters. `subscription` is that of the exchange in
    /// progress, whose start was not recorded.
    pub fn start(
        until: Instant,
        counts: TcpCounts,
        subscription: Option<Subscription>,
        now_us: i64,
    ) -> Self {
        Recording {
            until,
            exchanges: [Exchange::in_progress(now_us, subscription)].into(),
            ledger: CostLedger {
                base: counts,
                data_segments: counts.data_segments_up,
                costs: ReaderCosts::default(),
            },
        }
    }

    /// Bytes were received from the client. `counts` returns the kernel's counters, which include
    /// these bytes.
    pub fn received(&mut self, bytes: &[u8], now_us: i64, counts: impl FnOnce() -> TcpCounts) {
        if self.current().is_none_or(Exchange::is_over) {
            self.ledger
                .end_exchange(self.exchanges.back(), &counts(), bytes.len() as u64);
            self.exchanges.push_back(Exchange::new(now_us));
        }
        if let Some(current) = self.exchanges.back_mut() {
            current.received(bytes, now_us);
        }
        self.enforce_limit();
    }

    /// Bytes were sent to the client.
    pub fn sent(&mut self, bytes: &[u8], now_us: i64) {
        if let Some(current) = self.exchanges.back_mut() {
            current.sent(bytes, now_us);
        }
        self.enforce_limit();
    }

    /// The current exchange reads this.
    pub fn set_subscription(&mut self, subscription: Subscription) {
        if let Some(current) = self.exchanges.back_mut() {
            current.subscription = Some(subscription);
        }
    }

    /// The current exchange asks for this.
    pub fn set_history(&mut self, history: HistoryRequest) {
        if let Some(current) = self.exchanges.back_mut() {
            current.set_history(history);
        }
    }

    /// What each reader has cost so far; `counts` are the kernel's current counters.
    pub fn costs(&self, counts: &TcpCounts) -> ReaderCosts {
        let mut costs = self.ledger.costs.clone();
        if let Some((subscription, cost)) = self.ledger.cost_of(self.current(), counts) {
            costs.add(subscription, &cost);
        }
        costs
    }

    /// The exchanges that are kept, newest first.
    pub fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.exchanges.iter().rev()
    }

    fn current(&self) -> Option<&Exchange> {
        self.exchanges.back()
    }

    fn enforce_limit(&mut self) {
        let memory_bytes = |recording: &Self| {
            recording
                .exchanges
                .iter()
                .map(Exchange::memory_bytes)
                .sum::<usize>()
        };
        while memory_bytes(self) > MAX_KEPT {
            if !self.drop_oldest() {
                return;
            }
        }
    }

    /// Drops an exchange that is over: the oldest that brought no message, since nobody asks how it came, else the
    /// oldest of all. Without one, drops a step of the current exchange. Returns whether there was any.
    fn drop_oldest(&mut self) -> bool {
        let over = self.exchanges.len().saturating_sub(1);
        if over == 0 {
            let current = self.exchanges.back_mut();
            return current.is_some_and(Exchange::drop_oldest_step);
        }
        let mut others = self.exchanges.iter().take(over);
        let empty = others.position(|exchange| !exchange.has_messages());
        self.exchanges.remove(empty.unwrap_or(0)).is_some()
    }
}

impl CostLedger {
    /// The current exchange has ended, and the first `bytes` of the next request have been read.
    fn end_exchange(&mut self, ended: Option<&Exchange>, counts: &TcpCounts, bytes: u64) {
        // The segments with data since the last request was read belong to the new request.
        let request = counts.data_segments_up.saturating_sub(self.data_segments);
        let end = TcpCounts {
            bytes_up: counts.bytes_up.saturating_sub(bytes),
            segments_up: counts.segments_up.saturating_sub(request),
            ..*counts
        };
        if let Some((subscription, cost)) = self.cost_of(ended, &end) {
            self.costs.add(subscription, &cost);
        }
        self.base = end;
        self.data_segments = counts.data_segments_up;
    }

    /// What the exchange since `base` has cost its reader, where it has one.
    fn cost_of(
        &self,
        exchange: Option<&Exchange>,
        counts: &TcpCounts,
    ) -> Option<(Subscription, ReaderCost)> {
        let exchange = exchange?;
        let cost = ReaderCost {
            presence_bytes_up: exchange.presence_bytes(Direction::Up),
            presence_bytes_down: exchange.presence_bytes(Direction::Down),
            ..counts.since(&self.base)
        };
        Some((exchange.subscription.clone()?, cost))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Transport;

    fn subscription(transport: Transport) -> Subscription {
        Subscription {
            room: "r".into(),
            tab: None,
            transport,
        }
    }

    fn counts(up: u64, down: u64, segments: u64) -> TcpCounts {
        TcpCounts {
            bytes_up: up,
            bytes_down: down,
            segments_up: segments,
            segments_down: segments,
            data_segments_up: segments,
        }
    }

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\n\r\n";
    const RESPONSE: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

    fn exchange(recording: &mut Recording, transport: Option<Transport>, before: TcpCounts) {
        let arrived = TcpCounts {
            bytes_up: before.bytes_up + REQUEST.len() as u64,
            segments_up: before.segments_up + 1,
            data_segments_up: before.data_segments_up + 1,
            ..before
        };
        recording.received(REQUEST, 0, || arrived);
        if let Some(transport) = transport {
            recording.set_subscription(subscription(transport));
        }
        recording.sent(RESPONSE, 1);
    }

    #[test]
    fn the_costs_of_a_connection_are_divided_among_its_readers() {
        let mut recording = Recording::start(Instant::now(), counts(0, 0, 0), None, 0);
        exchange(&mut recording, Some(Transport::ShortPoll), counts(0, 0, 2));
        exchange(&mut recording, None, counts(18, 27, 4));
        exchange(
            &mut recording,
            Some(Transport::LongPoll),
            counts(118, 127, 6),
        );
        let costs = recording.costs(&counts(136, 154, 9));
        let cost = |transport| {
            let found = costs
                .iter()
                .find(|(subscription, _)| subscription.transport == transport);
            let cost = found.unwrap().1;
            (cost.requests, cost.bytes_up, cost.bytes_down)
        };
        assert_eq!(cost(Transport::ShortPoll), (1, 18, 27));
        assert_eq!(cost(Transport::LongPoll), (1, 18, 27));
    }

    #[test]
    fn an_exchange_that_brought_a_message_is_kept_longer_than_empty_ones() {
        let mut recording = Recording::start(Instant::now(), counts(0, 0, 0), None, 0);
        let now = counts(0, 0, 0);
        recording.received(REQUEST, 0, || now);
        recording.set_subscription(subscription(Transport::ShortPoll));
        recording.sent(b"HTTP/1.1 200 OK\r\n\r\n{\"messages\":[{\"seq\":7}]}", 1);
        for _ in 0..5_000 {
            exchange(&mut recording, Some(Transport::ShortPoll), now);
        }
        let mut kept = recording.exchanges();
        assert!(kept.any(Exchange::has_messages));
    }

    #[test]
    fn the_memory_of_the_exchanges_is_bounded() {
        let mut recording = Recording::start(Instant::now(), counts(0, 0, 0), None, 0);
        for turn in 0..5_000 {
            let now = counts(turn * 18, turn * 27, turn);
            exchange(&mut recording, Some(Transport::ShortPoll), now);
        }
        let kept: usize = recording.exchanges().map(Exchange::memory_bytes).sum();
        assert!((MAX_KEPT / 2..=MAX_KEPT).contains(&kept), "{kept}");
        assert_eq!(
            recording
                .costs(&counts(90_000, 135_000, 5_000))
                .iter()
                .map(|(_, cost)| cost.requests)
                .collect::<Vec<_>>(),
            [5_000]
        );
    }
}

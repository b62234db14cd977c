//! StepKind crossed one connection since somebody viewers: the last exchanges, and what they cost.

use std::{collections::VecDeque, time::Instant};

use super::{
    exchange::Exchange,
    subscription::Subscription,
    tally::{Counts, Tallies, Tally},
};

/// StepKind is kept of a connection, in bytes.
const MOST_KEPT: usize = 64 * 1024;

/// Made when the connection's session begins to look, or with the first bytes of a request that
/// may turn out to be such a session's.
pub struct Record {
    /// Nobody looks any more after this.
    pub until: Instant,
    exchanges: VecDeque<Exchange>,
    ledger: Ledger,
}

/// Divides the kernel's counts among the readers that had the connection one after another.
struct Ledger {
    /// The counts when the present exchange began.
    base: Counts,
    /// Segments with data that had come when the present request was read.
    data_segments: u64,
    tallies: Tallies,
}

impl Record {
    /// `counts` are the kernel's now; `subscription` is what the present exchange subscription, if it does, of
    /// which the beginning was not seen.
    pub fn joined(
        until: Instant,
        counts: Counts,
        subscription: Option<Subscription>,
        now_us: i64,
    ) -> Self {
        Record {
            until,
            exchanges: [Exchange::joined(now_us, subscription)].into(),
            ledger: Ledger {
                base: counts,
                data_segments: counts.data_segments_up,
                tallies: Vec::new(),
            },
        }
    }

    /// Bytes came from the client. `counts` tells the kernel's counts, these bytes among them.
    pub fn received(&mut self, bytes: &[u8], now_us: i64, counts: impl FnOnce() -> Counts) {
        if self.present().is_none_or(|present| present.is_over()) {
            let subscription = self
                .present()
                .and_then(|present| present.subscription.clone());
            self.ledger
                .turn(subscription, &counts(), bytes.len() as u64);
            self.exchanges.push_back(Exchange::new(now_us));
        }
        if let Some(present) = self.exchanges.back_mut() {
            present.received(bytes, now_us);
        }
        self.bound();
    }

    pub fn sent(&mut self, bytes: &[u8], now_us: i64) {
        if let Some(present) = self.exchanges.back_mut() {
            present.sent(bytes, now_us);
        }
        self.bound();
    }

    /// The present exchange is a reader's.
    pub fn claim(&mut self, subscription: Subscription) {
        if let Some(present) = self.exchanges.back_mut() {
            present.subscription = Some(subscription);
        }
    }

    /// StepKind each reader cost so far; `counts` are the kernel's now.
    pub fn tallies(&self, counts: &Counts) -> Tallies {
        let mut tallies = self.ledger.tallies.clone();
        if let Some(subscription) = self
            .present()
            .and_then(|present| present.subscription.clone())
        {
            let present = counts.since(&self.ledger.base);
            Tally::add_to(&mut tallies, subscription, &present);
        }
        tallies
    }

    /// The exchanges that are kept, the newest first.
    pub fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.exchanges.iter().rev()
    }

    fn present(&self) -> Option<&Exchange> {
        self.exchanges.back()
    }

    fn bound(&mut self) {
        let weight = |record: &Self| record.exchanges.iter().map(Exchange::weight).sum::<usize>();
        while weight(self) > MOST_KEPT {
            let forgot = if self.exchanges.len() > 1 {
                self.exchanges.pop_front().is_some()
            } else {
                self.exchanges.back_mut().is_some_and(Exchange::forget_one)
            };
            if !forgot {
                return;
            }
        }
    }
}

impl Ledger {
    /// The exchange so far is over, and the first `bytes` of the next request have been read.
    fn turn(&mut self, subscription: Option<Subscription>, counts: &Counts, bytes: u64) {
        // StepKind came with data since the last request was read is this request.
        let request = counts.data_segments_up.saturating_sub(self.data_segments);
        let end = Counts {
            bytes_up: counts.bytes_up.saturating_sub(bytes),
            segments_up: counts.segments_up.saturating_sub(request),
            ..*counts
        };
        if let Some(subscription) = subscription {
            Tally::add_to(&mut self.tallies, subscription, &end.since(&self.base));
        }
        self.base = end;
        self.data_segments = counts.data_segments_up;
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

    fn counts(up: u64, down: u64, segments: u64) -> Counts {
        Counts {
            bytes_up: up,
            bytes_down: down,
            segments_up: segments,
            segments_down: segments,
            data_segments_up: segments,
        }
    }

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\n\r\n";
    const ANSWER: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

    fn exchange(record: &mut Record, transport: Option<Transport>, before: Counts) {
        let arrived = Counts {
            bytes_up: before.bytes_up + REQUEST.len() as u64,
            segments_up: before.segments_up + 1,
            data_segments_up: before.data_segments_up + 1,
            ..before
        };
        record.received(REQUEST, 0, || arrived);
        if let Some(transport) = transport {
            record.claim(subscription(transport));
        }
        record.sent(ANSWER, 1);
    }

    #[test]
    fn each_reader_is_told_its_own_share_of_a_connection() {
        let mut record = Record::joined(Instant::now(), counts(0, 0, 0), None, 0);
        exchange(&mut record, Some(Transport::ShortPoll), counts(0, 0, 2));
        exchange(&mut record, None, counts(18, 27, 4));
        exchange(&mut record, Some(Transport::LongPoll), counts(118, 127, 6));
        let tallies = record.tallies(&counts(136, 154, 9));
        let cost = |transport| {
            let found = tallies
                .iter()
                .find(|(subscription, _)| subscription.transport == transport);
            let tally = found.unwrap().1;
            (tally.requests, tally.bytes_up, tally.bytes_down)
        };
        assert_eq!(cost(Transport::ShortPoll), (1, 18, 27));
        assert_eq!(cost(Transport::LongPoll), (1, 18, 27));
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut record = Record::joined(Instant::now(), counts(0, 0, 0), None, 0);
        for turn in 0..5_000 {
            let now = counts(turn * 18, turn * 27, turn);
            exchange(&mut record, Some(Transport::ShortPoll), now);
        }
        let kept: usize = record.exchanges().map(Exchange::weight).sum();
        assert!((MOST_KEPT / 2..=MOST_KEPT).contains(&kept), "{kept}");
        assert_eq!(
            record.tallies(&counts(90_000, 135_000, 5_000))[0]
                .1
                .requests,
            5_000
        );
    }
}

//! A class as whoever watches it sees it: its phones, and figures by transport.

use protocol::Transport;
use serde::Serialize;

use super::phone::{Phone, PhoneView};

/// The class of a room.
#[derive(Debug, Serialize)]
pub struct View {
    /// Tells it from what it was and will be.
    pub version: String,
    /// The room's newest message.
    pub head: u64,
    pub phones: Vec<PhoneView>,
    /// In the order in which transports are always shown.
    pub transports: Vec<Figures>,
}

/// The figures of a transport's phones.
#[derive(Debug, PartialEq, Serialize)]
pub struct Figures {
    pub transport: Transport,
    pub phones: usize,
    /// How many of them the room's newest message has reached.
    pub reached: usize,
    /// The deliveries that the quantiles are over.
    pub deliveries: usize,
    pub p50_ms: Option<f64>,
    pub p95_ms: Option<f64>,
}

impl View {
    pub fn new<'a>(
        version: String,
        head: u64,
        from: u64,
        phones: impl Iterator<Item = &'a Phone>,
    ) -> Self {
        let phones: Vec<_> = phones.collect();
        let figures = Transport::ALL.map(|transport| {
            let its = phones.iter().filter(|phone| phone.transport == transport);
            Figures::of(transport, head, from, its.copied())
        });
        View {
            version,
            head,
            phones: phones.iter().map(|phone| phone.view()).collect(),
            transports: figures.into(),
        }
    }
}

impl Figures {
    fn of<'a>(
        transport: Transport,
        head: u64,
        from: u64,
        phones: impl Iterator<Item = &'a Phone> + Clone,
    ) -> Self {
        let deliveries = phones.clone().flat_map(|phone| &phone.deliveries);
        let deliveries = deliveries.filter(|delivery| delivery.seq > from);
        let mut delays: Vec<_> = deliveries.map(|delivery| delivery.delay_ms).collect();
        delays.sort_by(f64::total_cmp);
        Figures {
            transport,
            phones: phones.clone().count(),
            reached: phones.filter(|phone| phone.seq() == Some(head)).count(),
            deliveries: delays.len(),
            p50_ms: quantile(&delays, 0.5),
            p95_ms: quantile(&delays, 0.95),
        }
    }
}

/// The smallest of the values, which are sorted, that is at least as great as a share of them.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::class::{Delivery, Word};

    #[test]
    fn quantiles_are_of_the_values() {
        let twenty: Vec<_> = (1..=20).map(f64::from).collect();
        assert_eq!(quantile(&twenty, 0.5), Some(10.0));
        assert_eq!(quantile(&twenty, 0.95), Some(19.0));
        assert_eq!(quantile(&[7.0], 0.95), Some(7.0));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn figures_are_by_transport_and_over_what_came_after_a_message() {
        let now = Instant::now();
        let phone = |id: u64, transport, seqs: &[u64]| {
            let mut phone = Phone::new(id, "race", transport, now);
            let deliveries = seqs.iter().map(|seq| Delivery {
                seq: *seq,
                delay_ms: (id * 100 + seq) as f64,
            });
            let word = Word {
                deliveries: deliveries.collect(),
                ..Word::default()
            };
            phone.hear(transport, 9, word, now);
            phone
        };
        let phones = [
            phone(1, Transport::Sse, &[7, 8, 9]),
            phone(2, Transport::Sse, &[8]),
            phone(3, Transport::Sse, &[]),
            phone(4, Transport::LongPoll, &[9]),
        ];
        let view = View::new("v".into(), 9, 7, phones.iter());
        assert_eq!(view.phones.len(), 4);
        let sse = &view.transports[Transport::Sse.index()];
        let expected = Figures {
            transport: Transport::Sse,
            phones: 3,
            reached: 1,
            deliveries: 3,
            p50_ms: Some(109.0),
            p95_ms: Some(208.0),
        };
        assert_eq!(sse, &expected);
        let none = &view.transports[Transport::WebSocket.index()];
        assert_eq!((none.phones, none.p50_ms), (0, None));
    }
}

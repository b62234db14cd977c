//! One phone of a class.

use std::{collections::VecDeque, time::Instant};

use protocol::Transport;
use serde::Serialize;

use super::Word;

/// The deliveries that are kept of a phone, and the most that it may tell at once.
pub const KEPT: usize = 32;

/// A message that has reached a phone, and after how many milliseconds, as the phone has measured it.
#[derive(Clone, Copy, Debug)]
pub struct Delivery {
    pub seq: u64,
    pub delay_ms: f64,
}

/// What somebody expects of a transport: how long a message takes on average, and its bytes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Guess {
    pub transport: Transport,
    pub delay_ms: f64,
    pub bytes: f64,
}

/// What is known of a phone.
pub struct Phone {
    /// Its number, which says nothing of the account.
    pub id: u64,
    pub room: String,
    pub transport: Transport,
    /// The newest, oldest first.
    pub deliveries: VecDeque<Delivery>,
    pub guesses: Vec<Guess>,
    pub heard_at: Instant,
}

/// A phone as whoever watches the class sees it.
#[derive(Debug, Serialize)]
pub struct PhoneView {
    pub id: u64,
    pub transport: Transport,
    /// The newest message that has reached it.
    pub seq: Option<u64>,
    pub guesses: Vec<Guess>,
}

impl Phone {
    pub fn new(id: u64, room: &str, transport: Transport, now: Instant) -> Self {
        Phone {
            id,
            room: room.into(),
            transport,
            deliveries: VecDeque::new(),
            guesses: Vec::new(),
            heard_at: now,
        }
    }

    /// Takes what it says in a room whose newest message is `head`. Returns whether anything is new.
    pub fn hear(&mut self, transport: Transport, head: u64, word: Word, now: Instant) -> bool {
        self.heard_at = now;
        let is_other = self.transport != transport;
        // After a restore numbers are given again.
        if is_other || self.seq().is_some_and(|seq| seq > head) {
            self.deliveries.clear();
        }
        self.transport = transport;
        let has_more = self.add(word.deliveries);
        let has_guessed = word.guesses.filter(|guesses| *guesses != self.guesses);
        let has_guessed = has_guessed.map(|guesses| self.guesses = guesses);
        is_other || has_more || has_guessed.is_some()
    }

    /// What has been told before is skipped: a phone tells it again where the response was lost.
    fn add(&mut self, deliveries: Vec<Delivery>) -> bool {
        let before = self.seq();
        for delivery in deliveries {
            if self.seq().is_some_and(|newest| delivery.seq <= newest) {
                continue;
            }
            if self.deliveries.len() == KEPT {
                self.deliveries.pop_front();
            }
            self.deliveries.push_back(delivery);
        }
        self.seq() != before
    }

    pub fn seq(&self) -> Option<u64> {
        self.deliveries.back().map(|delivery| delivery.seq)
    }

    pub fn view(&self) -> PhoneView {
        PhoneView {
            id: self.id,
            transport: self.transport,
            seq: self.seq(),
            guesses: self.guesses.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(seqs: &[u64]) -> Word {
        let deliveries = seqs.iter().map(|seq| Delivery {
            seq: *seq,
            delay_ms: 1.0,
        });
        Word {
            deliveries: deliveries.collect(),
            ..Word::default()
        }
    }

    fn seqs(phone: &Phone) -> Vec<u64> {
        phone.deliveries.iter().map(|it| it.seq).collect()
    }

    #[test]
    fn a_delivery_counts_once_and_the_newest_are_kept() {
        let now = Instant::now();
        let mut phone = Phone::new(1, "race", Transport::Sse, now);
        let mut hear = |seqs: &[u64]| phone.hear(Transport::Sse, 100, told(seqs), now);
        assert!(hear(&[1, 2]) && hear(&[2, 3]));
        assert!(!hear(&[1, 3]) && !hear(&[]));
        let more: Vec<u64> = (4..50).collect();
        assert!(hear(&more));
        assert_eq!(seqs(&phone), (18..50).collect::<Vec<_>>());
    }

    #[test]
    fn deliveries_are_of_one_transport_and_one_history() {
        let now = Instant::now();
        let mut phone = Phone::new(1, "race", Transport::Sse, now);
        phone.hear(Transport::Sse, 9, told(&[8, 9]), now);
        assert!(phone.hear(Transport::LongPoll, 9, told(&[]), now));
        assert!(seqs(&phone).is_empty());
        phone.hear(Transport::LongPoll, 9, told(&[9]), now);
        phone.hear(Transport::LongPoll, 2, told(&[2]), now);
        assert_eq!(seqs(&phone), [2]);
    }
}

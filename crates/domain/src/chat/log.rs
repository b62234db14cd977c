//! A room's recent messages, shared by all its readers.

use std::collections::VecDeque;

use parking_lot::Mutex;
use protocol::EncodedMessage;
use tokio::sync::watch;

/// The most recent messages that are kept in memory, by number and by weight in bytes.
const KEPT: usize = 1_024;
const KEPT_BYTES: usize = 4 << 20;

/// The end of a room's log, and where its head is. Reading never waits.
pub struct Log {
    ring: Mutex<Ring>,
    head: watch::Sender<u64>,
}

/// Messages without a gap, the last one being the head.
struct Ring {
    recent: VecDeque<EncodedMessage>,
    bytes: usize,
    head: u64,
}

/// What a log has after a cursor.
pub enum Slice {
    /// These, oldest first; none when the cursor is at the head.
    Recent(Vec<EncodedMessage>),
    /// The next ones have left the ring: they are in the database.
    Older,
}

impl Log {
    /// A log whose messages up to `head` are in the database.
    pub fn new(head: u64) -> Self {
        Log {
            ring: Mutex::new(Ring {
                recent: VecDeque::new(),
                bytes: 0,
                head,
            }),
            head: watch::Sender::new(head),
        }
    }

    /// The newest `seq`; 0 when the room is empty.
    pub fn head(&self) -> u64 {
        *self.head.borrow()
    }

    /// Tells of every move of the head.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    /// Adds messages that are committed, in order, and wakes the readers once for all of them.
    pub fn append(&self, messages: impl IntoIterator<Item = EncodedMessage>) {
        let mut ring = self.ring.lock();
        messages.into_iter().for_each(|message| ring.push(message));
        let head = ring.head;
        drop(ring);
        self.head.send_replace(head);
    }

    /// At most `limit` messages after `cursor`.
    pub fn after(&self, cursor: u64, limit: usize) -> Slice {
        self.ring.lock().after(cursor, limit)
    }
}

impl Ring {
    fn push(&mut self, message: EncodedMessage) {
        assert_eq!(message.seq(), self.head + 1, "a log has no gap");
        self.head = message.seq();
        self.bytes += message.weight();
        self.recent.push_back(message);
        while self.recent.len() > KEPT || self.bytes > KEPT_BYTES {
            let Some(oldest) = self.recent.pop_front() else {
                break;
            };
            self.bytes -= oldest.weight();
        }
    }

    fn after(&self, cursor: u64, limit: usize) -> Slice {
        let first = self.head + 1 - self.recent.len() as u64;
        if cursor >= self.head {
            return Slice::Recent(Vec::new());
        }
        if cursor + 1 < first {
            return Slice::Older;
        }
        let skipped = (cursor + 1 - first) as usize;
        Slice::Recent(
            self.recent
                .iter()
                .skip(skipped)
                .take(limit)
                .cloned()
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::Message;

    use super::*;

    fn message(seq: u64) -> EncodedMessage {
        EncodedMessage::new(&Message {
            seq,
            room: "lobby".into(),
            author: "alice".into(),
            display_name: "Alice".into(),
            body: "x".repeat(seq as usize % 50),
            key: None,
            sent_at: String::new(),
        })
    }

    proptest! {
        /// From any cursor, in portions of any size, a reader gets what follows without gap or
        /// repeat, and is sent to the database exactly when the next message has left the ring.
        #[test]
        fn a_cursor_is_followed_without_gap_or_repeat(
            stored in 0u64..5, appended in 0u64..2_500, start in 0u64..2_600, limit in 1usize..600,
        ) {
            let log = Log::new(stored);
            log.append((stored + 1..=stored + appended).map(message));
            let head = stored + appended;
            prop_assert_eq!(log.head(), head);
            let mut cursor = start;
            loop {
                match log.after(cursor, limit) {
                    Slice::Older => {
                        prop_assert!(cursor < head.saturating_sub(appended.min(KEPT as u64)));
                        break;
                    }
                    Slice::Recent(batch) if batch.is_empty() => {
                        prop_assert!(cursor >= head);
                        break;
                    }
                    Slice::Recent(batch) => {
                        prop_assert!(batch.len() <= limit);
                        for message in batch {
                            prop_assert_eq!(message.seq(), cursor + 1);
                            cursor += 1;
                        }
                    }
                }
            }
        }
    }
}

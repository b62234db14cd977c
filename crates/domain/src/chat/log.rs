//! A room's log: its newest messages in memory, shared by all readers.

use std::collections::VecDeque;

use parking_lot::Mutex;
use protocol::EncodedMessage;
use tokio::sync::watch;

/// How many of the newest messages are kept in memory, and how many bytes they may take.
const MAX_MESSAGES: usize = 1_024;
const MAX_BYTES: usize = 4 << 20;

/// The newest messages of a room, and its head. Reading never waits for the database.
pub struct Log {
    recent: Mutex<RecentMessages>,
    head: watch::Sender<u64>,
}

/// Messages without a gap; the last one is the head.
struct RecentMessages {
    messages: VecDeque<EncodedMessage>,
    bytes: usize,
    head: u64,
}

/// What the log holds after a cursor.
pub enum LogSlice {
    /// The next messages, oldest first; none if the cursor is at the head.
    Recent(Vec<EncodedMessage>),
    /// The next messages are no longer in memory and must be read from the database.
    Older,
}

impl Log {
    /// A log whose messages up to `head` are in the database.
    pub fn new(head: u64) -> Self {
        Log {
            recent: Mutex::new(RecentMessages::stored(head)),
            head: watch::Sender::new(head),
        }
    }

    /// The newest `seq`; 0 if the room is empty.
    pub fn head(&self) -> u64 {
        *self.head.borrow()
    }

    /// A receiver that is notified whenever the head changes.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    /// Appends committed messages in order, and wakes the readers once for all of them. Where messages
    /// are missing before them, as another process has stored them, the readers read those from the
    /// database. Returns the bytes that the log keeps in memory.
    pub fn append(&self, messages: impl IntoIterator<Item = EncodedMessage>) -> usize {
        let mut recent = self.recent.lock();
        messages
            .into_iter()
            .for_each(|message| recent.push(message));
        let (head, kept) = (recent.head, recent.bytes);
        drop(recent);
        self.head.send_replace(head);
        kept
    }

    /// Goes on from `head`, if it is beyond: another process has stored messages up to there.
    pub fn catch_up(&self, head: u64) {
        let mut recent = self.recent.lock();
        if head > recent.head {
            *recent = RecentMessages::stored(head);
            drop(recent);
            self.head.send_replace(head);
        }
    }

    /// Begins again at `head`, in another history.
    pub(super) fn restart(&self, head: u64) {
        *self.recent.lock() = RecentMessages::stored(head);
        self.head.send_replace(head);
    }

    /// Gives back the memory of its messages, which are read from the database from now on.
    pub fn forget(&self) {
        let mut recent = self.recent.lock();
        recent.messages = VecDeque::new();
        recent.bytes = 0;
    }

    /// At most `limit` messages after `cursor`.
    pub fn after(&self, cursor: u64, limit: usize) -> LogSlice {
        self.recent.lock().after(cursor, limit)
    }
}

impl RecentMessages {
    /// None, of a room whose messages up to `head` are in the database.
    fn stored(head: u64) -> Self {
        RecentMessages {
            messages: VecDeque::new(),
            bytes: 0,
            head,
        }
    }

    fn push(&mut self, message: EncodedMessage) {
        if message.seq() <= self.head {
            // The log has caught up with the store meanwhile, from which it is read.
            return;
        }
        if message.seq() != self.head + 1 {
            tracing::debug!(
                expected = self.head + 1,
                found = message.seq(),
                "another process has written to the database: this log goes on from there"
            );
            self.messages.clear();
            self.bytes = 0;
        }
        self.head = message.seq();
        self.bytes += message.memory_bytes();
        self.messages.push_back(message);
        while self.messages.len() > MAX_MESSAGES || self.bytes > MAX_BYTES {
            let Some(oldest) = self.messages.pop_front() else {
                break;
            };
            self.bytes -= oldest.memory_bytes();
        }
    }

    fn after(&self, cursor: u64, limit: usize) -> LogSlice {
        let first = self.head + 1 - self.messages.len() as u64;
        if cursor >= self.head {
            return LogSlice::Recent(Vec::new());
        }
        if cursor + 1 < first {
            return LogSlice::Older;
        }
        let skipped = (cursor + 1 - first) as usize;
        LogSlice::Recent(
            self.messages
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

    /// Another process stored 3 and 4 in the database.
    #[test]
    fn a_log_that_finds_its_head_elsewhere_goes_on_from_there() {
        let log = Log::new(0);
        log.append([message(1), message(2), message(5), message(6)]);
        assert_eq!(log.head(), 6);
        assert!(matches!(log.after(2, 10), LogSlice::Older));
        let LogSlice::Recent(newest) = log.after(4, 10) else {
            panic!("5 and 6 are in memory");
        };
        assert_eq!(
            newest.iter().map(EncodedMessage::seq).collect::<Vec<_>>(),
            [5, 6]
        );
    }

    #[test]
    fn a_log_catches_up_with_the_database_and_does_not_go_back() {
        let log = Log::new(0);
        log.append((1..=3).map(message));
        log.catch_up(2);
        assert!(matches!(log.after(0, 10), LogSlice::Recent(all) if all.len() == 3));
        log.catch_up(5);
        assert_eq!(log.head(), 5);
        assert!(matches!(log.after(3, 10), LogSlice::Older));
        log.restart(1);
        assert_eq!(log.head(), 1);
        log.append([message(2)]);
        assert!(matches!(log.after(1, 10), LogSlice::Recent(newest) if newest.len() == 1));
    }

    #[test]
    fn a_log_that_forgets_refers_its_readers_to_the_database() {
        let log = Log::new(0);
        assert!(log.append((1..=3).map(message)) > 0);
        log.forget();
        assert_eq!(log.head(), 3);
        assert!(matches!(log.after(0, 10), LogSlice::Older));
        log.append([message(4)]);
        assert!(matches!(log.after(2, 10), LogSlice::Older));
        assert!(matches!(log.after(3, 10), LogSlice::Recent(newest) if newest.len() == 1));
    }

    proptest! {
        /// From any cursor and with any limit, a reader gets the following messages without gap or
        /// repeat, and is referred to the database only if the next message is not in memory.
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
                    LogSlice::Older => {
                        prop_assert!(cursor < head.saturating_sub(appended.min(MAX_MESSAGES as u64)));
                        break;
                    }
                    LogSlice::Recent(batch) if batch.is_empty() => {
                        prop_assert!(cursor >= head);
                        break;
                    }
                    LogSlice::Recent(batch) => {
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

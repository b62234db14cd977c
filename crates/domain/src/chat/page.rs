//! The messages of one answer.

use std::sync::Arc;

use protocol::EncodedMessage;

use super::{Feed, Room};
use crate::store::StoreError;

/// A page whose messages have more bytes of JSON than this is large.
const LARGE: usize = 64 << 10;
/// How many bytes of a large page are read at once, unless a single message has more.
const PART: usize = 64 << 10;

/// Messages that are sent together, oldest first.
pub enum Page {
    Whole(Vec<EncodedMessage>),
    Large(LargePage),
}

/// A page that was measured and is not kept. It is read again, in parts, as it is sent: a client that does
/// not read takes no memory for it.
pub struct LargePage {
    feed: Feed,
    /// The last of its messages.
    last: u64,
    messages: usize,
    /// Of all messages together, as JSON.
    bytes: usize,
    /// Of the largest.
    largest: usize,
}

impl Page {
    /// Reads from `feed`, as [`Feed::complete`] says.
    pub(super) async fn read(
        feed: &mut Feed,
        begun: Vec<EncodedMessage>,
        limit: usize,
    ) -> Result<Self, StoreError> {
        let start = begun.first().map_or(feed.cursor(), |first| first.seq() - 1);
        let mut measured = LargePage {
            feed: Feed::at(feed.room().clone(), start),
            last: start,
            messages: 0,
            bytes: 0,
            largest: 0,
        };
        let mut kept = Vec::new();
        let mut read = begun;
        loop {
            measured.add(&read);
            if kept.is_empty() {
                kept = read;
            } else {
                kept.append(&mut read);
            }
            if measured.bytes > LARGE {
                kept = Vec::new();
            }
            if measured.messages >= limit {
                break;
            }
            read = feed.ready(limit - measured.messages).await?;
            if read.is_empty() {
                break;
            }
        }
        Ok(match measured.bytes > LARGE {
            true => Page::Large(measured),
            false => Page::Whole(kept),
        })
    }

    pub fn messages(&self) -> usize {
        match self {
            Page::Whole(messages) => messages.len(),
            Page::Large(page) => page.messages,
        }
    }
}

impl LargePage {
    fn add(&mut self, messages: &[EncodedMessage]) {
        let lengths = messages.iter().map(|message| message.json().len());
        self.bytes += lengths.clone().sum::<usize>();
        self.largest = self.largest.max(lengths.max().unwrap_or_default());
        self.messages += messages.len();
        self.last = messages.last().map_or(self.last, EncodedMessage::seq);
    }

    /// The JSON of all messages together, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn messages(&self) -> usize {
        self.messages
    }

    /// The last of its messages.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// The next messages; none at the end.
    ///
    /// # Errors
    /// They could not be read again.
    pub async fn next_part(&mut self) -> Result<Vec<EncodedMessage>, StoreError> {
        if self.feed.cursor() >= self.last {
            return Ok(Vec::new());
        }
        let left = (self.last - self.feed.cursor()).try_into();
        let fitting = (PART / self.largest.max(1)).max(1);
        let mut part = self
            .feed
            .ready(fitting.min(left.unwrap_or(usize::MAX)))
            .await?;
        part.retain(|message| message.seq() <= self.last);
        Ok(part)
    }
}

impl Room {
    /// The `limit` newest messages before `seq`.
    ///
    /// # Errors
    /// The store failed.
    pub async fn before(self: &Arc<Self>, seq: u64, limit: usize) -> Result<Page, StoreError> {
        match self.oldest_before(seq, limit).await? {
            Some((first, messages)) => {
                let mut feed = Feed::at(self.clone(), first - 1);
                Page::read(&mut feed, Vec::new(), messages).await
            }
            None => Ok(Page::Whole(Vec::new())),
        }
    }
}

//! One reader's place in a room's log. Every transport is made of [`Feed::ready`] and
//! [`Feed::next`].

use std::sync::Arc;

use protocol::{EncodedMessage, Message};
use tokio::sync::watch;

use super::{Room, log::Slice};
use crate::store::{Reply, StoreError};

/// A cursor past the end of the log: it comes from some other database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeyondHead {
    pub head: u64,
}

/// A reader of a room. It holds no messages, so a slow reader costs nobody anything.
pub struct Feed {
    room: Arc<Room>,
    cursor: u64,
    head: watch::Receiver<u64>,
    /// How often it was woken since it was last asked.
    wake_ups: u64,
    /// A page on its way from the database. It is kept when whoever waits for it is dropped: a
    /// reader who is interrupted often must not ask for it again each time.
    page: Option<Reply<Vec<Message>>>,
}

impl Feed {
    /// A feed of everything after `after`; without it, of everything from now on.
    ///
    /// # Errors
    /// A cursor beyond the room's head.
    pub fn open(room: Arc<Room>, after: Option<u64>) -> Result<Self, BeyondHead> {
        let head = room.log.watch();
        let newest = *head.borrow();
        let cursor = after.unwrap_or(newest);
        if cursor > newest {
            return Err(BeyondHead { head: newest });
        }
        Ok(Feed {
            room,
            cursor,
            head,
            wake_ups: 0,
            page: None,
        })
    }

    /// The `seq` of the last message given out, or where it began.
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// How often it was woken since this was last asked.
    pub fn take_wake_ups(&mut self) -> u64 {
        std::mem::take(&mut self.wake_ups)
    }

    pub fn room(&self) -> &Arc<Room> {
        &self.room
    }

    /// At most `limit` messages that are there now, oldest first; perhaps none.
    pub async fn ready(&mut self, limit: usize) -> Result<Vec<EncodedMessage>, StoreError> {
        // Seen before it is read: what is appended in between wakes us once too often, not once
        // too seldom.
        self.head.mark_unchanged();
        let batch = match self.room.log.after(self.cursor, limit) {
            Slice::Recent(batch) => batch,
            Slice::Older => self.older(limit).await?,
        };
        if let Some(last) = batch.last() {
            self.cursor = last.seq();
        }
        Ok(batch)
    }

    async fn older(&mut self, limit: usize) -> Result<Vec<EncodedMessage>, StoreError> {
        let page = self
            .page
            .get_or_insert_with(|| self.room.after(self.cursor, limit));
        let messages = page.await;
        self.page = None;
        Ok(messages?.iter().map(EncodedMessage::new).collect())
    }

    /// The next messages, at most `limit`, as soon as there are any. May be dropped at any await
    /// without losing one.
    pub async fn next(&mut self, limit: usize) -> Result<Vec<EncodedMessage>, StoreError> {
        loop {
            let batch = self.ready(limit).await?;
            if !batch.is_empty() {
                return Ok(batch);
            }
            // The sender is in the room, which this feed keeps.
            let _ = self.head.changed().await;
            self.wake_ups += 1;
        }
    }
}

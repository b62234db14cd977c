//! A reader's cursor in a room's log. Every transport is built on [`Feed::ready`].

use std::sync::Arc;

use protocol::{EncodedMessage, Message};

use super::{Page, Room, log::LogSlice};
use crate::store::{StoreError, StoreFuture};

/// A cursor is past the end of the log. It must come from another database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeyondHead {
    pub head: u64,
}

/// A reader's position in a room's log. It holds no messages, so a slow reader takes no memory for
/// those that it has not read.
pub struct Feed {
    room: Arc<Room>,
    cursor: u64,
    /// A pending read from the database. It is kept here because the future that awaits it is
    /// dropped whenever another event comes first; without this, each such event would start the
    /// read anew.
    page: Option<StoreFuture<Vec<Message>>>,
}

impl Feed {
    /// Opens a feed of the messages after `after`; without it, of those that are stored from now
    /// on.
    ///
    /// # Errors
    /// The cursor is beyond the room's head.
    pub fn open(room: Arc<Room>, after: Option<u64>) -> Result<Self, BeyondHead> {
        let newest_seq = room.log.head();
        let cursor = after.unwrap_or(newest_seq);
        if cursor > newest_seq {
            return Err(BeyondHead { head: newest_seq });
        }
        Ok(Feed::at(room, cursor))
    }

    /// A feed of the messages after `cursor`, of which there are some.
    pub(super) fn at(room: Arc<Room>, cursor: u64) -> Self {
        Feed {
            room,
            cursor,
            page: None,
        }
    }

    /// The `seq` of the last message returned, or the starting cursor.
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// Messages up to this one were delivered in another way.
    pub fn skip_to(&mut self, seq: u64) {
        self.cursor = self.cursor.max(seq);
    }

    pub fn room(&self) -> &Arc<Room> {
        &self.room
    }

    /// Some of the messages that are available now, oldest first and at most `limit`; none if there are
    /// none. Cancel-safe: dropping the future loses no message.
    ///
    /// # Errors
    /// Older messages could not be read from the store.
    pub async fn ready(&mut self, limit: usize) -> Result<Vec<EncodedMessage>, StoreError> {
        let batch = match self.room.log.after(self.cursor, limit) {
            LogSlice::Recent(batch) => batch,
            LogSlice::Older => self.read_from_store(limit).await?,
        };
        if let Some(last) = batch.last() {
            self.cursor = last.seq();
        }
        Ok(batch)
    }

    /// All messages that are available now, oldest first and at most `limit`. `begun` are those that have
    /// been read of them.
    ///
    /// # Errors
    /// Older messages could not be read from the store.
    pub async fn complete(
        &mut self,
        begun: Vec<EncodedMessage>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        Page::read(self, begun, limit).await
    }

    async fn read_from_store(&mut self, limit: usize) -> Result<Vec<EncodedMessage>, StoreError> {
        let page = self
            .page
            .get_or_insert_with(|| self.room.messages_after(self.cursor, limit));
        let messages = page.await;
        self.page = None;
        Ok(messages?.iter().map(EncodedMessage::new).collect())
    }
}

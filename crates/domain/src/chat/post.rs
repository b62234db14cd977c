//! The one writer: commits what is waiting, in one transaction, then tells everybody.

use std::{io, sync::Arc, thread, time::Instant};

use protocol::EncodedMessage;
use tokio::sync::{mpsc, oneshot};

use super::{ChatStore, Draft, Observer, Room, Stored};
use crate::store::StoreError;

/// How many posts may wait for the writer, and how many it commits at once. Beyond the first,
/// senders wait.
const WAITING: usize = 4_096;
const BATCH: usize = 512;

/// A post that is stored.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub message: EncodedMessage,
    /// False where the author had posted with the same key before.
    pub fresh: bool,
}

/// The answer to a post, to come. Dropping it does not take the post back.
pub type PendingPost = oneshot::Receiver<Result<Receipt, StoreError>>;

/// A post on its way to the writer.
struct Post {
    room: Arc<Room>,
    draft: Draft,
    answer: ReplySender,
}

type ReplySender = oneshot::Sender<Result<Receipt, StoreError>>;

/// Where posts are handed in. The writer ends when this is dropped.
pub struct Writer {
    posts: mpsc::Sender<Post>,
}

impl Writer {
    /// Starts the writer's thread.
    pub fn start(store: Arc<dyn ChatStore>, observer: Arc<dyn Observer>) -> io::Result<Self> {
        let (posts, waiting) = mpsc::channel(WAITING);
        thread::Builder::new()
            .name("writer".into())
            .spawn(move || write(waiting, &*store, &*observer))?;
        Ok(Writer { posts })
    }

    pub fn is_alive(&self) -> bool {
        !self.posts.is_closed()
    }

    /// Hands a draft in. Drafts handed in one after the other get their `seq`s in that order.
    pub async fn post(&self, room: Arc<Room>, draft: Draft) -> PendingPost {
        let (answer, posting) = oneshot::channel();
        let post = Post {
            room,
            draft,
            answer,
        };
        // Fails only when the writer has died; the posting then says so.
        let _ = self.posts.send(post).await;
        posting
    }
}

fn write(mut waiting: mpsc::Receiver<Post>, store: &dyn ChatStore, observer: &dyn Observer) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.blocking_recv_many(&mut batch, BATCH) > 0 {
        commit(std::mem::take(&mut batch), store, observer);
    }
}

fn commit(batch: Vec<Post>, store: &dyn ChatStore, observer: &dyn Observer) {
    let mut drafts = Vec::with_capacity(batch.len());
    let mut senders = Vec::with_capacity(batch.len());
    for post in batch {
        drafts.push(post.draft);
        senders.push((post.room, post.answer));
    }
    let started = Instant::now();
    let stored = store.commit(&drafts);
    observer.committed(drafts.len(), started.elapsed());
    match stored {
        Ok(stored) => publish(senders, stored, observer),
        Err(error) => {
            tracing::error!(%error, messages = drafts.len(), "posts were not stored");
            for (_, answer) in senders {
                // A sender that has gone does not mind.
                let _ = answer.send(Err(error.clone()));
            }
        }
    }
}

/// Appends what is new to the logs, each woken once, then answers the senders.
fn publish(senders: Vec<(Arc<Room>, ReplySender)>, stored: Vec<Stored>, observer: &dyn Observer) {
    let mut fresh: Vec<(Arc<Room>, Vec<EncodedMessage>)> = Vec::new();
    let mut receipts = Vec::with_capacity(stored.len());
    for ((room, answer), stored) in senders.into_iter().zip(stored) {
        let message = EncodedMessage::new(&stored.message);
        observer.posted(stored.fresh);
        if stored.fresh {
            match fresh
                .iter_mut()
                .find(|(other, _)| Arc::ptr_eq(other, &room))
            {
                Some((_, messages)) => messages.push(message.clone()),
                None => fresh.push((room, vec![message.clone()])),
            }
        }
        let fresh = stored.fresh;
        receipts.push((answer, Receipt { message, fresh }));
    }
    for (room, messages) in fresh {
        room.log.append(messages);
    }
    for (answer, receipt) in receipts {
        let _ = answer.send(Ok(receipt));
    }
}

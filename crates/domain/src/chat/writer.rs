//! The writer: stores queue drafts in one transaction, then wakes the readers and replies.

use std::{
    io,
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    thread,
    time::Instant,
};

use protocol::EncodedMessage;
use tokio::sync::{mpsc, oneshot};

use super::{ChatStore, Draft, Observer, Room, StoredDraft, recent_rooms::RecentRooms};
use crate::store::StoreError;

/// How many posts may wait in the writer's queue. While it is full, [`Writer::post`] waits.
const QUEUE: usize = 4_096;
/// How many posts the writer stores in one transaction.
const BATCH: usize = 512;

/// The outcome of a post that is stored.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub message: EncodedMessage,
    /// False if the author had already posted with this key; `message` is then the one stored
    /// first.
    pub is_new: bool,
}

/// Receives the outcome of a post. Dropping it does not cancel the post.
pub type PendingPost = oneshot::Receiver<Result<Receipt, StoreError>>;

/// A post in the writer's queue.
struct Post {
    room: Arc<Room>,
    draft: Draft,
    reply: ReplySender,
}

type ReplySender = oneshot::Sender<Result<Receipt, StoreError>>;

/// A handle to the writer's thread, which ends when the handle is dropped.
pub struct Writer {
    posts: mpsc::Sender<Post>,
}

impl Writer {
    /// Starts the writer's thread. `log_memory` is what all logs may keep, in bytes.
    pub fn start(
        store: Arc<dyn ChatStore>,
        observer: Arc<dyn Observer>,
        log_memory: usize,
    ) -> io::Result<Self> {
        let (posts, queue) = mpsc::channel(QUEUE);
        let recent = RecentRooms::new(log_memory);
        thread::Builder::new()
            .name("writer".into())
            .spawn(move || run(queue, recent, &*store, &*observer))?;
        Ok(Writer { posts })
    }

    pub fn is_alive(&self) -> bool {
        !self.posts.is_closed()
    }

    /// Queues a draft. Drafts that are queued one after another get their `seq`s in that order.
    pub async fn post(&self, room: Arc<Room>, draft: Draft) -> PendingPost {
        let (reply, pending) = oneshot::channel();
        let post = Post { room, draft, reply };
        // Fails only if the writer has died; then `pending` fails too.
        let _ = self.posts.send(post).await;
        pending
    }
}

fn run(
    mut queue: mpsc::Receiver<Post>,
    mut recent: RecentRooms,
    store: &dyn ChatStore,
    observer: &dyn Observer,
) {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.blocking_recv_many(&mut batch, BATCH) > 0 {
        let posts = std::mem::take(&mut batch);
        // A panic costs the posts of its batch, whose senders are told by their dropped replies, and
        // not all posts to come. What it may leave half done is in the store, whose transaction is
        // rolled back, and in a log, which goes on from where the store is.
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
            commit(posts, &mut recent, store, observer);
        }));
        if outcome.is_err() {
            tracing::error!("the writer panicked: the posts of this batch failed");
        }
    }
}

fn commit(
    batch: Vec<Post>,
    recent: &mut RecentRooms,
    store: &dyn ChatStore,
    observer: &dyn Observer,
) {
    let retry = is_of_several_rooms(&batch);
    let mut drafts = Vec::with_capacity(batch.len());
    let mut senders = Vec::with_capacity(batch.len());
    for post in batch {
        drafts.push(post.draft);
        senders.push((post.room, post.reply));
    }
    let started = Instant::now();
    let stored = store.commit(&drafts);
    observer.committed(drafts.len(), started.elapsed());
    match stored {
        Ok(stored) => publish(senders, stored, recent, observer),
        // Perhaps the data of one room are bad, and the others can go on.
        Err(StoreError::Failed(_)) if retry => {
            for (room_drafts, room_senders) in by_room(drafts, senders) {
                commit_room(room_drafts, room_senders, recent, store, observer);
            }
        }
        Err(error) => fail(senders, &error),
    }
}

/// Stores the drafts of one room.
fn commit_room(
    drafts: Vec<Draft>,
    senders: Vec<(Arc<Room>, ReplySender)>,
    recent: &mut RecentRooms,
    store: &dyn ChatStore,
    observer: &dyn Observer,
) {
    match store.commit(&drafts) {
        Ok(stored) => publish(senders, stored, recent, observer),
        Err(error) => fail(senders, &error),
    }
}

fn is_of_several_rooms(batch: &[Post]) -> bool {
    let first = batch.first();
    first.is_some_and(|first| {
        batch
            .iter()
            .any(|post| !Arc::ptr_eq(&post.room, &first.room))
    })
}

type RoomPosts = (Vec<Draft>, Vec<(Arc<Room>, ReplySender)>);

/// The posts of each room, in their order.
fn by_room(drafts: Vec<Draft>, senders: Vec<(Arc<Room>, ReplySender)>) -> Vec<RoomPosts> {
    let mut rooms: Vec<RoomPosts> = Vec::new();
    for (draft, sender) in drafts.into_iter().zip(senders) {
        let is_of_room = |(_, senders): &&mut RoomPosts| Arc::ptr_eq(&senders[0].0, &sender.0);
        match rooms.iter_mut().find(is_of_room) {
            Some((drafts, senders)) => {
                drafts.push(draft);
                senders.push(sender);
            }
            None => rooms.push((vec![draft], vec![sender])),
        }
    }
    rooms
}

fn fail(senders: Vec<(Arc<Room>, ReplySender)>, error: &StoreError) {
    tracing::error!(%error, messages = senders.len(), "posts were not stored");
    for (_, reply) in senders {
        // The send fails if the sender no longer waits.
        let _ = reply.send(Err(error.clone()));
    }
}

/// Appends the new messages to the logs, waking the readers of each once, then replies to the
/// senders.
fn publish(
    senders: Vec<(Arc<Room>, ReplySender)>,
    stored: Vec<StoredDraft>,
    recent: &mut RecentRooms,
    observer: &dyn Observer,
) {
    let mut new_messages: Vec<(Arc<Room>, Vec<EncodedMessage>)> = Vec::new();
    let mut receipts = Vec::with_capacity(stored.len());
    for ((room, reply), stored) in senders.into_iter().zip(stored) {
        let message = EncodedMessage::new(&stored.message);
        observer.posted(stored.is_new);
        if stored.is_new {
            match new_messages
                .iter_mut()
                .find(|(other, _)| Arc::ptr_eq(other, &room))
            {
                Some((_, messages)) => messages.push(message.clone()),
                None => new_messages.push((room, vec![message.clone()])),
            }
        }
        let is_new = stored.is_new;
        receipts.push((reply, Receipt { message, is_new }));
    }
    for (room, messages) in new_messages {
        let kept = room.log.append(messages);
        recent.appended(room, kept);
    }
    observer.kept(recent.used());
    for (reply, receipt) in receipts {
        let _ = reply.send(Ok(receipt));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use protocol::Message;

    use super::*;
    use crate::{
        chat::{Author, NewRoom, RoomRow, Roster},
        store::StoreFuture,
    };

    /// Panics at a body that says so, and stores any other as the next of its room.
    struct Panicking;

    impl ChatStore for Panicking {
        fn rooms(&self) -> StoreFuture<Vec<RoomRow>> {
            unreachable!("the writer does not read")
        }

        fn create_room(&self, _: NewRoom) -> StoreFuture<bool> {
            unreachable!("the writer creates no rooms")
        }

        fn messages_after(&self, _: String, _: u64, _: usize) -> StoreFuture<Vec<Message>> {
            unreachable!("the writer does not read")
        }

        fn oldest_before(&self, _: String, _: u64, _: usize) -> StoreFuture<Option<(u64, usize)>> {
            unreachable!("the writer does not read")
        }

        fn commit(&self, drafts: &[Draft]) -> Result<Vec<StoredDraft>, StoreError> {
            assert!(drafts.iter().all(|draft| draft.body != "panic"));
            let stored = drafts.iter().map(|draft| StoredDraft {
                message: Message {
                    seq: draft.body.parse().expect("a number"),
                    room: draft.room.clone(),
                    author: draft.author.username.to_string(),
                    display_name: draft.author.display_name.to_string(),
                    body: draft.body.clone(),
                    key: None,
                    sent_at: String::new(),
                },
                is_new: true,
            });
            Ok(stored.collect())
        }
    }

    struct Nobody;

    impl Observer for Nobody {
        fn committed(&self, _: usize, _: Duration) {}
        fn posted(&self, _: bool) {}
        fn kept(&self, _: usize) {}
    }

    #[tokio::test]
    async fn a_panic_costs_the_posts_of_its_batch_and_no_others() {
        let store: Arc<dyn ChatStore> = Arc::new(Panicking);
        let writer = Writer::start(store.clone(), Arc::new(Nobody), 1 << 20).unwrap();
        let row = RoomRow {
            name: "lobby".into(),
            title: "Lobby".into(),
            created_by: None,
            head: 0,
        };
        let room = Room::new(row, Roster::new(Arc::default()), store);
        let post = async |body: &str| {
            let author = Author {
                username: "alice".into(),
                display_name: "Alice".into(),
            };
            let draft = Draft::new("lobby", author, body.into(), None).unwrap();
            writer.post(room.clone(), draft).await.await
        };
        for number in 1..=3 {
            assert!(post("panic").await.is_err(), "its sender is told");
            let stored = post(&number.to_string()).await.unwrap().unwrap();
            assert_eq!(stored.message.seq(), number);
            assert!(writer.is_alive());
        }
        assert_eq!(room.log.head(), 3);
    }
}

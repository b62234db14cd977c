//! The writer: stores queue drafts in one transaction, then wakes the readers and replies.

use std::{
    io,
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Instant,
};

use protocol::EncodedMessage;
use tokio::sync::{mpsc, oneshot};

use super::{
    ChatStore, Committed, Draft, Observer, Room,
    follower::{Addition, Follower, Place},
    recent_rooms::RecentRooms,
};
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

/// What the writer does, in this order.
enum Work {
    Post(Post),
    /// Compares the logs with the store, and says when that is done.
    Compare(oneshot::Sender<()>),
}

/// A handle to the writer's thread, which ends when the handle is dropped.
pub struct Writer {
    work: mpsc::Sender<Work>,
    in_doubt: Arc<AtomicBool>,
}

impl Writer {
    /// Starts the writer's thread. `log_memory` is what all logs may keep, in bytes.
    pub fn start(place: Place, observer: Arc<dyn Observer>, log_memory: usize) -> io::Result<Self> {
        let (work, queue) = mpsc::channel(QUEUE);
        let in_doubt = Arc::<AtomicBool>::default();
        let writing = Writing {
            store: place.store.clone(),
            follower: Follower::new(place, in_doubt.clone()),
            observer,
            recent: RecentRooms::new(log_memory),
        };
        thread::Builder::new()
            .name("writer".into())
            .spawn(move || writing.run(queue))?;
        Ok(Writer { work, in_doubt })
    }

    pub fn is_alive(&self) -> bool {
        !self.work.is_closed()
    }

    /// Whether the store has failed since it was last compared with the logs.
    pub fn is_in_doubt(&self) -> bool {
        self.in_doubt.load(Ordering::Relaxed)
    }

    /// Compares the logs with the store, between two transactions.
    pub async fn compare(&self) {
        let (done, compared) = oneshot::channel();
        let _ = self.work.send(Work::Compare(done)).await;
        // It fails only if the writer has died.
        let _ = compared.await;
    }

    /// Queues a draft. Drafts that are queued one after another get their `seq`s in that order.
    pub async fn post(&self, room: Arc<Room>, draft: Draft) -> PendingPost {
        let (reply, pending) = oneshot::channel();
        let post = Post { room, draft, reply };
        // Fails only if the writer has died; then `pending` fails too.
        let _ = self.work.send(Work::Post(post)).await;
        pending
    }
}

/// A post whose draft is being stored.
struct Sender {
    room: Arc<Room>,
    /// The head of its room before.
    head: u64,
    reply: ReplySender,
}

/// The writer's thread.
struct Writing {
    store: Arc<dyn ChatStore>,
    follower: Follower,
    observer: Arc<dyn Observer>,
    recent: RecentRooms,
}

impl Writing {
    fn run(mut self, mut queue: mpsc::Receiver<Work>) {
        let mut batch = Vec::with_capacity(BATCH);
        while queue.blocking_recv_many(&mut batch, BATCH) > 0 {
            let mut posts = Vec::with_capacity(batch.len());
            let mut comparisons = Vec::new();
            for work in batch.drain(..) {
                match work {
                    Work::Post(post) => posts.push(post),
                    Work::Compare(done) => comparisons.push(done),
                }
            }
            // A panic costs the posts of its batch, whose senders are told by their dropped replies, and
            // not all posts to come. What it may leave half done is in the store, whose transaction is
            // rolled back, and in a log, which goes on from where the store is.
            let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
                // A commit compares, too.
                match posts.is_empty() {
                    true => self.follower.compare(),
                    false => self.commit(posts),
                }
            }));
            if outcome.is_err() {
                tracing::error!("the writer panicked: the posts of this batch failed");
            }
        }
    }

    fn commit(&mut self, batch: Vec<Post>) {
        let retry = is_of_several_rooms(&batch);
        let mut drafts = Vec::with_capacity(batch.len());
        let mut senders = Vec::with_capacity(batch.len());
        for post in batch {
            drafts.push(post.draft);
            senders.push(Sender {
                head: post.room.log.head(),
                room: post.room,
                reply: post.reply,
            });
        }
        let started = Instant::now();
        let committed = self.store.commit(&drafts);
        self.observer.committed(drafts.len(), started.elapsed());
        match committed {
            Ok(committed) => self.publish(senders, committed),
            // Perhaps the data of one room are bad, and the others can go on.
            Err(StoreError::Failed(_)) if retry => {
                for (room_drafts, room_senders) in by_room(drafts, senders) {
                    self.commit_room(room_drafts, room_senders);
                }
            }
            Err(error) => self.fail(senders, &error),
        }
    }

    /// Stores the drafts of one room.
    fn commit_room(&mut self, drafts: Vec<Draft>, senders: Vec<Sender>) {
        match self.store.commit(&drafts) {
            Ok(committed) => self.publish(senders, committed),
            Err(error) => self.fail(senders, &error),
        }
    }

    fn fail(&mut self, senders: Vec<Sender>, error: &StoreError) {
        tracing::error!(%error, messages = senders.len(), "posts were not stored");
        self.observer.failed(senders.len());
        self.follower.failed(error);
        for sender in senders {
            // The send fails if the sender no longer waits.
            let _ = sender.reply.send(Err(error.clone()));
        }
    }

    /// Appends the new messages to the logs, waking the readers of each once, then replies to the
    /// senders.
    fn publish(&mut self, senders: Vec<Sender>, committed: Committed) {
        let mut additions: Vec<Addition> = Vec::new();
        let mut receipts = Vec::with_capacity(committed.stored.len());
        for (sender, stored) in senders.into_iter().zip(committed.stored) {
            let message = EncodedMessage::new(&stored.message);
            self.observer.posted(stored.is_new);
            if stored.is_new {
                match additions
                    .iter_mut()
                    .find(|other| Arc::ptr_eq(&other.room, &sender.room))
                {
                    Some(addition) => addition.messages.push(message.clone()),
                    None => additions.push(Addition {
                        room: sender.room,
                        head: sender.head,
                        messages: vec![message.clone()],
                    }),
                }
            }
            let is_new = stored.is_new;
            receipts.push((sender.reply, Receipt { message, is_new }));
        }
        self.follower.committed(&additions, &committed.epoch);
        for addition in additions {
            let kept = addition.room.log.append(addition.messages);
            self.recent.appended(addition.room, kept);
        }
        self.observer.kept(self.recent.used());
        for (reply, receipt) in receipts {
            let _ = reply.send(Ok(receipt));
        }
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

type RoomPosts = (Vec<Draft>, Vec<Sender>);

/// The posts of each room, in their order.
fn by_room(drafts: Vec<Draft>, senders: Vec<Sender>) -> Vec<RoomPosts> {
    let mut rooms: Vec<RoomPosts> = Vec::new();
    for (draft, sender) in drafts.into_iter().zip(senders) {
        let is_of_room =
            |(_, senders): &&mut RoomPosts| Arc::ptr_eq(&senders[0].room, &sender.room);
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use protocol::Message;

    use super::*;
    use crate::{
        chat::{Author, History, NewRoom, RoomRow, Roster, StoredDraft},
        store::StoreFuture,
    };

    /// Panics at a body that says so, and stores any other as the next of its room.
    struct Panicking;

    impl ChatStore for Panicking {
        fn epoch(&self) -> StoreFuture<String> {
            unreachable!("the writer is told the epoch")
        }

        fn renew_epoch(&self, _: String) -> StoreFuture<String> {
            unreachable!("no number is given twice")
        }

        fn room(&self, _: String) -> StoreFuture<Option<(RoomRow, String)>> {
            unreachable!("the writer does not read")
        }

        fn is_shared(&self) -> bool {
            false
        }

        fn recent_rooms(&self) -> StoreFuture<Vec<RoomRow>> {
            unreachable!("the writer does not read")
        }

        fn heads(&self) -> StoreFuture<Vec<(String, u64)>> {
            unreachable!("the store has not failed")
        }

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

        fn commit(&self, drafts: &[Draft]) -> Result<Committed, StoreError> {
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
            Ok(Committed {
                epoch: "a".into(),
                stored: stored.collect(),
            })
        }
    }

    struct Nobody;

    impl Observer for Nobody {
        fn committed(&self, _: usize, _: Duration) {}
        fn failed(&self, _: usize) {}
        fn posted(&self, _: bool) {}
        fn kept(&self, _: usize) {}
    }

    #[tokio::test]
    async fn a_panic_costs_the_posts_of_its_batch_and_no_others() {
        let store: Arc<dyn ChatStore> = Arc::new(Panicking);
        let place = Place {
            store: store.clone(),
            rooms: Arc::default(),
            history: Arc::new(History::new("a")),
        };
        let writer = Writer::start(place, Arc::new(Nobody), 1 << 20).unwrap();
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

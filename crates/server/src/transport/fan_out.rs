//! Delivers messages to all readers of a room that wait on one thread, in one pass.
//!
//! A reader that has all messages waits in a [`Seat`]. For each room and thread one task is woken by a
//! commit and writes to the sockets of all that wait: messages to streams, whose own tasks sleep on, and the
//! response to parked polls, which is the same for all at one cursor. What a socket does not take at once is
//! left to its connection, and the reader goes on by itself until it has caught up.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::HashMap,
    future::poll_fn,
    rc::{Rc, Weak},
    sync::Arc,
    task::{Poll, Waker},
    time::Duration,
};

use actix_web::web::{self, Bytes};
use domain::chat::{Log, LogSlice, Room};
use protocol::{EncodedMessage, Transport};
use tokio::{
    sync::{Notify, watch},
    task::yield_now,
    time::Instant,
};

use super::poll_request;
use crate::{
    connection::{Wire, reached},
    http::State,
    inspector::recorder::ConnectionRecorders,
    metrics::{EndReason, Metrics},
};

/// How many sockets are written to before other tasks of the thread have their turn.
const SLICE: usize = 64;
/// After this long a poll that was answered ends, if its connection was not woken by the next request before:
/// mostly it is, and then it wakes once for both.
const SWEEP: Duration = Duration::from_millis(50);
/// How many messages are sent at once, and how many bytes, unless a single message has more: what a socket
/// does not take is kept for it.
const MOST_MESSAGES: usize = 64;
const MOST_BYTES: usize = 32 << 10;

thread_local! {
    /// The rooms of which readers wait on this thread, by their address.
    static ROOMS: RefCell<HashMap<usize, Rc<Seats>>> = RefCell::default();
}

/// What a reader that waits is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// WebSocket frames.
    Frame,
    /// Blocks of an event stream, each in a chunk (RFC 9112, 7.1).
    Chunk,
    /// Blocks of an event stream to a client of HTTP/1.0.
    Block,
    /// The response to a poll that wants nothing in particular.
    Response,
    /// Nothing: it is woken.
    Nothing,
}

impl Form {
    const COUNT: usize = 5;

    /// What a reader is sent; `None` if it does not wait.
    pub fn of(transport: Transport, takes_chunks: bool, is_plain_poll: bool) -> Option<Self> {
        match transport {
            Transport::WebSocket => Some(Form::Frame),
            Transport::Sse if takes_chunks => Some(Form::Chunk),
            Transport::Sse => Some(Form::Block),
            Transport::LongPoll if is_plain_poll => Some(Form::Response),
            Transport::LongPoll => Some(Form::Nothing),
            Transport::ShortPoll => None,
        }
    }

    fn bytes(self, messages: &[EncodedMessage]) -> Bytes {
        let of: fn(&EncodedMessage) -> &Bytes = match self {
            Form::Frame => |message| message.frame(),
            Form::Chunk => |message| message.event_chunk(),
            Form::Block => |message| message.event(),
            Form::Response => return poll_request::encoded_response(messages),
            Form::Nothing => return Bytes::new(),
        };
        match messages {
            [message] => of(message).clone(),
            messages => {
                let parts: Vec<&[u8]> = messages.iter().map(|message| &of(message)[..]).collect();
                parts.concat().into()
            }
        }
    }
}

/// A reader's place among those that wait for messages of a room.
pub struct Seat {
    seats: Rc<Seats>,
    occupant: Rc<Occupant>,
}

/// The readers of one room on one thread.
struct Seats {
    room: Arc<Room>,
    state: web::Data<State>,
    occupants: RefCell<Vec<Rc<Occupant>>>,
    /// Polls that were answered since the last sweep, and when the next is due. One whose connection has
    /// ended is not kept.
    answered: RefCell<Vec<Weak<Occupant>>>,
    sweep_at: Cell<Option<Instant>>,
    /// The last reader has gone.
    is_empty: Notify,
}

struct Occupant {
    wire: Rc<Wire>,
    transport: Transport,
    form: Form,
    /// The number of the history that it reads.
    history: u64,
    /// Its place in the list.
    index: Cell<usize>,
    /// The last `seq` that it was sent.
    cursor: Cell<u64>,
    /// The most messages that it takes at once.
    limit: Cell<usize>,
    /// It was a poll, and has its response.
    is_answered: Cell<bool>,
    /// Woken when it has to go on by itself; `None` while it does not wait.
    waiting: RefCell<Option<Waker>>,
}

impl Seat {
    pub fn take(
        room: &Arc<Room>,
        state: &web::Data<State>,
        wire: Rc<Wire>,
        (transport, form, history): (Transport, Form, u64),
    ) -> Self {
        let seats = Seats::of(room, state);
        let mut occupants = seats.occupants.borrow_mut();
        let occupant = Rc::new(Occupant {
            wire,
            transport,
            form,
            history,
            index: Cell::new(occupants.len()),
            cursor: Cell::new(0),
            limit: Cell::new(0),
            is_answered: Cell::new(false),
            waiting: RefCell::default(),
        });
        occupants.push(occupant.clone());
        drop(occupants);
        Seat { seats, occupant }
    }

    /// The last `seq` that was sent while the reader waited.
    pub fn cursor(&self) -> u64 {
        self.occupant.cursor.get()
    }

    /// Whether the poll that waited here has its response.
    pub fn is_answered(&self) -> bool {
        self.occupant.is_answered.get()
    }

    /// Waits from `cursor` until there are messages that the reader must send itself, or until its poll is
    /// answered. Cancel-safe: [`Seat::cursor`] tells what was sent meanwhile.
    pub async fn wait(&self, cursor: u64, limit: usize) {
        let occupant = &self.occupant;
        occupant.cursor.set(cursor);
        occupant.limit.set(limit);
        let _waits = Waits(occupant);
        poll_fn(|cx| {
            if occupant.is_answered.get() {
                return Poll::Pending;
            }
            // A pass of this thread cannot come in between, so that none is missed.
            if self.seats.room.log.head() > occupant.cursor.get() {
                return Poll::Ready(());
            }
            occupant.wait(cx.waker());
            Poll::Pending
        })
        .await;
    }
}

/// Ends the waiting when it is dropped.
struct Waits<'a>(&'a Occupant);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.waiting.take();
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut occupants = self.seats.occupants.borrow_mut();
        let index = self.occupant.index.get();
        occupants.swap_remove(index);
        match occupants.get(index) {
            Some(moved) => moved.index.set(index),
            None if occupants.is_empty() => self.seats.is_empty.notify_one(),
            None => {}
        }
    }
}

impl Seats {
    fn of(room: &Arc<Room>, state: &web::Data<State>) -> Rc<Self> {
        let address = Arc::as_ptr(room).addr();
        ROOMS.with_borrow_mut(|rooms| {
            let seats = rooms.entry(address).or_insert_with(|| {
                let seats = Rc::new(Seats {
                    room: room.clone(),
                    state: state.clone(),
                    occupants: RefCell::default(),
                    answered: RefCell::default(),
                    sweep_at: Cell::default(),
                    is_empty: Notify::new(),
                });
                tokio::task::spawn_local(deliver(seats.clone(), room.log.watch()));
                seats
            });
            seats.clone()
        })
    }

    /// Sends what is new to all that wait. Returns whether there is more to send.
    async fn pass(&self) -> bool {
        // A copy: readers come and go while others have their turn.
        let occupants = self.occupants.borrow().clone();
        let mut pass = Pass {
            log: &self.room.log,
            metrics: &self.state.metrics,
            recorders: &self.state.recorders,
            is_draining: self.state.drain.has_begun(),
            history: self.state.hub.history().number(),
            batch: Batch::after(&self.room.log, self.room.log.head()),
            has_more: false,
        };
        for slice in occupants.chunks(SLICE) {
            for occupant in slice {
                if pass.visit(occupant) {
                    self.answered.borrow_mut().push(Rc::downgrade(occupant));
                }
            }
            yield_now().await;
        }
        if self.sweep_at.get().is_none() && !self.answered.borrow().is_empty() {
            self.sweep_at.set(Some(Instant::now() + SWEEP));
        }
        // Here too: while one pass follows the other, nothing else of this task has its turn.
        if self.sweep_at.get().is_some_and(|due| due <= Instant::now()) {
            self.sweep();
        }
        pass.has_more
    }

    /// Ends the polls that were answered and are still there.
    fn sweep(&self) {
        self.sweep_at.set(None);
        for poll in self.answered.take() {
            let waiting = poll.upgrade().and_then(|poll| poll.waiting.take());
            if let Some(waker) = waiting {
                waker.wake();
            }
        }
    }
}

/// Passes after each commit, until no reader is left.
async fn deliver(seats: Rc<Seats>, mut head: watch::Receiver<u64>) {
    loop {
        tokio::select! {
            biased;
            changed = head.changed() => {
                if changed.is_err() { return; }
                while seats.pass().await {}
            }
            () = reached(seats.sweep_at.get()) => seats.sweep(),
            () = seats.is_empty.notified() => if seats.occupants.borrow().is_empty() {
                let address = Arc::as_ptr(&seats.room).addr();
                ROOMS.with_borrow_mut(|rooms| rooms.remove(&address));
                return;
            },
        }
    }
}

impl Occupant {
    fn wait(&self, waker: &Waker) {
        let mut waiting = self.waiting.borrow_mut();
        if waiting.as_ref().is_none_or(|known| !known.will_wake(waker)) {
            *waiting = Some(waker.clone());
        }
    }
}

/// One pass over the readers of a room.
struct Pass<'a> {
    log: &'a Log,
    metrics: &'a Metrics,
    recorders: &'a ConnectionRecorders,
    /// Responses of a server that stops close their connections, and are not the same for all.
    is_draining: bool,
    history: u64,
    batch: Batch,
    /// Some reader was sent the first part of what there is.
    has_more: bool,
}

impl Pass<'_> {
    /// Sends a reader the messages after its cursor, if it waits for them. Returns whether it is a poll
    /// that was answered and not woken.
    fn visit(&mut self, reader: &Occupant) -> bool {
        let is_waiting = reader.waiting.borrow().is_some() && !reader.is_answered.get();
        // What is queued is sent by its connection, after which the reader looks for more.
        if !is_waiting || reader.wire.queued() > 0 {
            return false;
        }
        if reader.history != self.history {
            // It ends, since its cursor means nothing here.
            self.wake(reader);
            return false;
        }
        if self.batch.cursor != reader.cursor.get() {
            self.batch = Batch::after(self.log, reader.cursor.get());
        }
        match self.batch.messages.last().map(EncodedMessage::seq) {
            Some(last) if self.can_be_sent(reader, last) => return self.send(reader, last),
            None if !self.batch.is_older => {}
            _ => self.wake(reader),
        }
        false
    }

    fn can_be_sent(&self, reader: &Occupant, last: u64) -> bool {
        match reader.form {
            Form::Frame | Form::Chunk | Form::Block => true,
            Form::Response => {
                let is_all = last == self.log.head();
                is_all && self.batch.messages.len() <= reader.limit.get() && !self.is_draining
            }
            Form::Nothing => false,
        }
    }

    /// Returns whether it is a poll that was answered and not woken.
    fn send(&mut self, reader: &Occupant, last: u64) -> bool {
        let messages = self.batch.messages.len();
        self.metrics.deliveries[reader.transport.index()].inc_by(messages as u64);
        self.has_more |= last < self.log.head();
        reader.cursor.set(last);
        if reader.form == Form::Response {
            reader.is_answered.set(true);
            self.metrics.open_feeds[reader.transport.index()].dec();
            self.metrics
                .count_end(reader.transport, EndReason::Answered);
        }
        let bytes = self.batch.bytes(reader.form);
        let accepted = reader.wire.send_now(bytes);
        self.count(reader, &bytes[..accepted]);
        let must_go_on = accepted < bytes.len() || reader.wire.has_ahead();
        if must_go_on {
            self.wake(reader);
        }
        reader.is_answered.get() && !must_go_on
    }

    /// Counts sent bytes. The meter of a connection need not be touched while nothing is recorded.
    fn count(&self, reader: &Occupant, sent: &[u8]) {
        if self.recorders.records_any() {
            reader.wire.meter().sent(sent);
        } else {
            self.metrics.bytes_sent[reader.transport.index()].inc_by(sent.len() as u64);
        }
    }

    fn wake(&self, reader: &Occupant) {
        if let Some(waker) = reader.waiting.take() {
            self.metrics.wake_ups[reader.transport.index()].inc();
            waker.wake();
        }
    }
}

/// The messages after a cursor, and their bytes in each form, for all readers at that cursor.
struct Batch {
    cursor: u64,
    messages: Vec<EncodedMessage>,
    /// The messages are no longer in memory.
    is_older: bool,
    bytes: [OnceCell<Bytes>; Form::COUNT],
}

impl Batch {
    fn after(log: &Log, cursor: u64) -> Self {
        let (mut messages, is_older) = match log.after(cursor, MOST_MESSAGES) {
            LogSlice::Recent(messages) => (messages, false),
            LogSlice::Older => (Vec::new(), true),
        };
        let mut bytes = 0;
        let fitting = messages.iter().take_while(|message| {
            bytes += message.frame().len();
            bytes <= MOST_BYTES
        });
        messages.truncate(fitting.count().max(1));
        Batch {
            cursor,
            messages,
            is_older,
            bytes: Default::default(),
        }
    }

    fn bytes(&self, form: Form) -> &Bytes {
        self.bytes[form as usize].get_or_init(|| form.bytes(&self.messages))
    }
}

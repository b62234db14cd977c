//! Delivers messages to the streams of a room that wait on one thread, all in one pass.
//!
//! A stream that has sent all messages waits in a [`Seat`]. For each room and thread one task is woken by
//! a commit and writes to the sockets of all that wait, while their own tasks sleep. What a socket does not
//! take at once is left to its connection, and the stream goes on by itself until it has caught up.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::HashMap,
    future::poll_fn,
    rc::Rc,
    sync::Arc,
    task::{Poll, Waker},
};

use actix_web::web::{self, Bytes};
use domain::chat::{Log, LogSlice, Room};
use protocol::{EncodedMessage, Transport};
use tokio::{
    sync::{Notify, watch},
    task::yield_now,
};

use crate::{connection::Wire, http::State};

/// How many sockets are written to before other tasks of the thread have their turn.
const SLICE: usize = 64;
/// How many messages are sent at once.
const MOST_MESSAGES: usize = 64;

thread_local! {
    /// The rooms of which streams wait on this thread, by their address.
    static ROOMS: RefCell<HashMap<usize, Rc<Seats>>> = RefCell::default();
}

/// In which form a stream is sent messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// WebSocket frames.
    Frame,
    /// Blocks of an event stream, each in a chunk (RFC 9112, 7.1).
    Chunk,
    /// Blocks of an event stream to a client of HTTP/1.0.
    Block,
}

impl Form {
    const COUNT: usize = 3;

    /// The form of a transport that streams.
    pub fn of_stream(transport: Transport, takes_chunks: bool) -> Option<Self> {
        match transport {
            Transport::WebSocket => Some(Form::Frame),
            Transport::Sse if takes_chunks => Some(Form::Chunk),
            Transport::Sse => Some(Form::Block),
            Transport::ShortPoll | Transport::LongPoll => None,
        }
    }

    fn of(self, message: &EncodedMessage) -> &Bytes {
        match self {
            Form::Frame => message.frame(),
            Form::Chunk => message.event_chunk(),
            Form::Block => message.event(),
        }
    }
}

/// A stream's place among those that wait for messages of a room.
pub struct Seat {
    seats: Rc<Seats>,
    occupant: Rc<Occupant>,
}

/// The streams of one room on one thread.
struct Seats {
    room: Arc<Room>,
    state: web::Data<State>,
    occupants: RefCell<Vec<Rc<Occupant>>>,
    /// The last stream has gone.
    is_empty: Notify,
}

struct Occupant {
    wire: Rc<Wire>,
    transport: Transport,
    form: Form,
    /// Its place in the list.
    index: Cell<usize>,
    /// The last `seq` that it was sent.
    cursor: Cell<u64>,
    /// Woken when it has to go on by itself; `None` while it does not wait.
    waiting: RefCell<Option<Waker>>,
}

impl Seat {
    pub fn take(
        room: &Arc<Room>,
        state: &web::Data<State>,
        wire: Rc<Wire>,
        (transport, form): (Transport, Form),
        cursor: u64,
    ) -> Self {
        let seats = Seats::of(room, state);
        let mut occupants = seats.occupants.borrow_mut();
        let occupant = Rc::new(Occupant {
            wire,
            transport,
            form,
            index: Cell::new(occupants.len()),
            cursor: Cell::new(cursor),
            waiting: RefCell::default(),
        });
        occupants.push(occupant.clone());
        drop(occupants);
        Seat { seats, occupant }
    }

    /// The last `seq` that was sent while the stream waited.
    pub fn cursor(&self) -> u64 {
        self.occupant.cursor.get()
    }

    /// Waits from `cursor` until there are messages that the stream must send itself. Cancel-safe:
    /// [`Seat::cursor`] tells what was sent meanwhile.
    pub async fn wait(&self, cursor: u64) {
        let occupant = &self.occupant;
        occupant.cursor.set(cursor);
        let _waits = Waits(occupant);
        poll_fn(|cx| {
            // Looked at before and after a pass by the same thread, so that none is missed.
            if self.seats.room.log.head() > occupant.cursor.get() {
                return Poll::Ready(());
            }
            occupant.waiting.replace(Some(cx.waker().clone()));
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
        // A copy: streams come and go while others have their turn.
        let occupants = self.occupants.borrow().clone();
        let mut batch = Batch::after(&self.room.log, self.room.log.head());
        let mut sent = [0; Transport::COUNT];
        let mut is_cut = false;
        for slice in occupants.chunks(SLICE) {
            for occupant in slice {
                sent[occupant.transport.index()] += occupant.deliver(&self.room.log, &mut batch);
                is_cut |= batch.messages.len() == MOST_MESSAGES;
            }
            yield_now().await;
        }
        for (counter, messages) in self.state.metrics.deliveries.iter().zip(sent) {
            counter.inc_by(messages);
        }
        is_cut
    }
}

/// Passes after each commit, until no stream is left.
async fn deliver(seats: Rc<Seats>, mut head: watch::Receiver<u64>) {
    loop {
        tokio::select! {
            biased;
            changed = head.changed() => {
                if changed.is_err() { return; }
                while seats.pass().await {}
            }
            () = seats.is_empty.notified() => if seats.occupants.borrow().is_empty() {
                let address = Arc::as_ptr(&seats.room).addr();
                ROOMS.with_borrow_mut(|rooms| rooms.remove(&address));
                return;
            },
        }
    }
}

impl Occupant {
    /// Sends the messages after its cursor, if it waits for them. Returns how many were sent.
    fn deliver(&self, log: &Log, batch: &mut Batch) -> u64 {
        // What is queued is sent by its connection, after which the stream looks for more.
        if self.waiting.borrow().is_none() || self.wire.queued() > 0 {
            return 0;
        }
        if batch.cursor != self.cursor.get() {
            *batch = Batch::after(log, self.cursor.get());
        }
        let is_sent = match batch.messages.last() {
            Some(last) => {
                self.cursor.set(last.seq());
                self.wire.send_now(batch.bytes(self.form))
            }
            // The stream reads them from the database.
            None => !batch.is_older,
        };
        if !is_sent && let Some(waker) = self.waiting.take() {
            waker.wake();
        }
        batch.messages.len() as u64
    }
}

/// The messages after a cursor, and their bytes in each form, for all streams at that cursor.
struct Batch {
    cursor: u64,
    messages: Vec<EncodedMessage>,
    /// The messages are no longer in memory.
    is_older: bool,
    bytes: [OnceCell<Bytes>; Form::COUNT],
}

impl Batch {
    fn after(log: &Log, cursor: u64) -> Self {
        let (messages, is_older) = match log.after(cursor, MOST_MESSAGES) {
            LogSlice::Recent(messages) => (messages, false),
            LogSlice::Older => (Vec::new(), true),
        };
        Batch {
            cursor,
            messages,
            is_older,
            bytes: Default::default(),
        }
    }

    fn bytes(&self, form: Form) -> &Bytes {
        self.bytes[form as usize].get_or_init(|| match &self.messages[..] {
            [message] => form.of(message).clone(),
            messages => {
                let parts: Vec<&[u8]> = messages
                    .iter()
                    .map(|message| &form.of(message)[..])
                    .collect();
                parts.concat().into()
            }
        })
    }
}

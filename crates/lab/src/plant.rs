//! Faults that are planted into the lab's own instruments, to see that the gates find them. A
//! campaign with one says so in its remarks.

use std::{
    cell::{Cell, RefCell},
    thread,
    time::{Duration, Instant},
};

use netlab::Clock;

use crate::receivers::Delivery;

/// A planted fault. The first four happen once in each trial, the last two again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Plant {
    /// A message is lost on its way to the audit.
    Drop,
    /// A message arrives twice.
    Repeat,
    /// A message arrives after the next one.
    Swap,
    /// A connection counts one byte that was not sent.
    Bytes,
    /// The publisher is held up before some messages.
    Publisher,
    /// The receivers are held up.
    Receivers,
}

/// One of so many messages is held up, and for how long: more than 1 %, so that p99 shows it.
const HELD_UP_EVERY: u64 = 40;
const HELD_UP: Duration = Duration::from_millis(30);
/// How often, and for how long, the receivers are held up.
const STARVED_EVERY: Duration = Duration::from_millis(60);
const STARVED: Duration = Duration::from_millis(20);

impl Plant {
    pub fn name(self) -> &'static str {
        match self {
            Plant::Drop => "drop",
            Plant::Repeat => "repeat",
            Plant::Swap => "swap",
            Plant::Bytes => "bytes",
            Plant::Publisher => "publisher",
            Plant::Receivers => "receivers",
        }
    }
}

/// Holds the publisher up before the message with this number, if it is its turn.
pub fn hold_up(plant: Option<Plant>, message: u64) {
    if plant == Some(Plant::Publisher) && message % HELD_UP_EVERY == HELD_UP_EVERY - 1 {
        thread::sleep(HELD_UP);
    }
}

/// Holds the thread of the receivers up, again and again; without that fault it does nothing.
pub async fn starve(plant: Option<Plant>, clock: std::rc::Rc<Clock>) {
    while plant == Some(Plant::Receivers)
        && clock.until(Instant::now() + STARVED_EVERY).await.is_ok()
    {
        thread::sleep(STARVED);
    }
}

/// A message on its way to the audit, with its `seq`.
pub type Numbered = (u64, Delivery);

/// What a planted fault does to the deliveries of a trial.
#[derive(Default)]
pub struct Tampering {
    plant: Option<Plant>,
    is_done: Cell<bool>,
    /// The client and the message that wait for the next one.
    held: RefCell<Option<(u32, Numbered)>>,
}

/// What becomes of a message.
pub enum Tampered {
    Dropped(Numbered),
    /// These are to be delivered, in this order.
    Passed(Vec<Numbered>),
}

impl Tampering {
    pub fn new(plant: Option<Plant>) -> Self {
        Tampering {
            plant,
            ..Tampering::default()
        }
    }

    /// Whether the message of a client may have to be changed. Without a planted fault it never has.
    pub fn concerns(&self, is_in_span: bool) -> bool {
        let waits = self.plant == Some(Plant::Swap) && self.held.borrow().is_some();
        waits || (self.plant.is_some() && is_in_span && !self.is_done.get())
    }

    /// Changes the deliveries, once in a trial.
    pub fn pass(&self, client: u32, message: Numbered) -> Tampered {
        let waits =
            |held: &Option<(u32, Numbered)>| held.as_ref().is_some_and(|held| held.0 == client);
        if waits(&self.held.borrow()) {
            let held = self.held.take().map(|held| held.1);
            return Tampered::Passed([message].into_iter().chain(held).collect());
        }
        if self.is_done.get() {
            return Tampered::Passed(vec![message]);
        }
        match self.plant {
            Some(Plant::Drop) => {
                self.is_done.set(true);
                Tampered::Dropped(message)
            }
            Some(Plant::Repeat) => {
                self.is_done.set(true);
                Tampered::Passed(vec![message.clone(), message])
            }
            Some(Plant::Swap) => {
                self.is_done.set(true);
                self.held.replace(Some((client, message)));
                Tampered::Passed(Vec::new())
            }
            Some(Plant::Bytes | Plant::Publisher | Plant::Receivers) | None => {
                Tampered::Passed(vec![message])
            }
        }
    }
}

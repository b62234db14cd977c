//! Wakes the tasks of a thread that wait: at a deadline, when their session has ended, when another history
//! begins, when the server stops.
//!
//! Each connection has one [`Alarm`], for whatever it waits for. One task for each thread keeps them all,
//! so that waiting registers nothing anywhere, and a deadline that is put off costs a store.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use domain::accounts::Session;
use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep_until},
};

/// Deadlines are met within this time.
const TICK: Duration = Duration::from_millis(10);
/// How often, at most, the connections of a thread are looked through for sessions that have ended.
const LOOK_THROUGH: Duration = Duration::from_millis(50);

thread_local! {
    static ALARMS: Rc<Alarms> = Rc::default();
}

/// The alarm of a connection.
pub struct Alarm {
    alarms: Rc<Alarms>,
    slot: Rc<Slot>,
}

struct Slot {
    /// The tick at which the task is to be woken.
    due: Cell<u64>,
    /// The tick at which this slot is looked at; it may be earlier.
    looked_at: Cell<u64>,
    waker: RefCell<Option<Waker>>,
    session: RefCell<Option<Arc<Session>>>,
}

/// The alarms of a thread, in the order in which they are looked at.
struct Alarms {
    began: Instant,
    by_tick: RefCell<BTreeMap<(u64, usize), Rc<Slot>>>,
    /// There is an earlier one than before.
    earlier: Notify,
    is_kept: Cell<bool>,
}

impl Default for Alarms {
    fn default() -> Self {
        Alarms {
            began: Instant::now(),
            by_tick: RefCell::default(),
            earlier: Notify::new(),
            is_kept: Cell::new(false),
        }
    }
}

impl Alarm {
    pub fn new() -> Self {
        let slot = Slot {
            due: Cell::new(u64::MAX),
            looked_at: Cell::new(u64::MAX),
            waker: RefCell::default(),
            session: RefCell::default(),
        };
        Alarm {
            alarms: ALARMS.with(Rc::clone),
            slot: Rc::new(slot),
        }
    }

    /// Ready at `deadline`. Until then the task is also woken when the session ends, when another history
    /// begins and when the server stops, for it to look at these itself.
    pub fn poll_until(&self, cx: &mut Context<'_>, deadline: Instant) -> Poll<()> {
        if deadline <= Instant::now() {
            return Poll::Ready(());
        }
        let mut waker = self.slot.waker.borrow_mut();
        if waker
            .as_ref()
            .is_none_or(|known| !known.will_wake(cx.waker()))
        {
            *waker = Some(cx.waker().clone());
        }
        let due = self.alarms.tick_after(deadline);
        self.slot.due.set(due);
        if due < self.slot.looked_at.get() {
            self.alarms.look_at(&self.slot, due);
        }
        Poll::Pending
    }

    /// Whether the session has ended.
    pub fn has_ended_session(&self) -> bool {
        self.slot.has_ended_session()
    }

    /// The session whose end wakes the task.
    pub fn set_session(&self, session: Option<Arc<Session>>) {
        self.slot.session.replace(session);
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.alarms.remove(&self.slot);
    }
}

impl Slot {
    fn wake(&self) {
        if let Some(waker) = &*self.waker.borrow() {
            waker.wake_by_ref();
        }
    }

    fn has_ended_session(&self) -> bool {
        let session = self.session.borrow();
        session.as_ref().is_some_and(|session| !session.is_live())
    }
}

impl Alarms {
    fn tick_after(&self, time: Instant) -> u64 {
        let time = time.saturating_duration_since(self.began);
        time.as_nanos().div_ceil(TICK.as_nanos()) as u64
    }

    fn look_at(&self, slot: &Rc<Slot>, tick: u64) {
        self.remove(slot);
        slot.looked_at.set(tick);
        let key = (tick, Rc::as_ptr(slot).addr());
        let mut by_tick = self.by_tick.borrow_mut();
        by_tick.insert(key, slot.clone());
        if by_tick
            .first_key_value()
            .is_some_and(|(first, _)| *first == key)
        {
            self.earlier.notify_one();
        }
    }

    fn remove(&self, slot: &Rc<Slot>) {
        let key = (slot.looked_at.replace(u64::MAX), Rc::as_ptr(slot).addr());
        self.by_tick.borrow_mut().remove(&key);
    }

    /// When the first alarm is to be looked at.
    fn next(&self) -> Option<Instant> {
        let by_tick = self.by_tick.borrow();
        let ((tick, _), _) = by_tick.first_key_value()?;
        Some(self.began + TICK * u32::try_from(*tick).unwrap_or(u32::MAX))
    }

    /// Wakes those that are due, and puts off the others.
    fn ring(&self) {
        let now = (self.began.elapsed().as_millis() / TICK.as_millis()) as u64;
        let later = self.by_tick.borrow_mut().split_off(&(now + 1, 0));
        let reached = self.by_tick.replace(later);
        for slot in reached.into_values() {
            slot.looked_at.set(u64::MAX);
            match slot.due.get() {
                due if due > now => self.look_at(&slot, due),
                _ => slot.wake(),
            }
        }
    }

    fn wake(&self, which: impl Fn(&Slot) -> bool) {
        for slot in self.by_tick.borrow().values() {
            if which(slot) {
                slot.wake();
            }
        }
    }
}

/// Resolves at a time, if there is one.
pub async fn reached(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}

/// Keeps the alarms of this thread, until the thread ends. `sessions_ended` changes whenever a session
/// ends, `histories` when another history begins, `draining` when the server stops.
pub fn keep_alarms(
    mut sessions_ended: watch::Receiver<u64>,
    mut histories: watch::Receiver<()>,
    mut draining: watch::Receiver<bool>,
) {
    let alarms = ALARMS.with(Rc::clone);
    if alarms.is_kept.replace(true) {
        return;
    }
    tokio::task::spawn_local(async move {
        // Whoever ends many sessions does not keep the thread busy.
        let mut look_through = None;
        loop {
            tokio::select! {
                () = reached(alarms.next()) => alarms.ring(),
                () = alarms.earlier.notified() => {}
                Ok(()) = sessions_ended.changed() => {
                    look_through.get_or_insert_with(|| Instant::now() + LOOK_THROUGH);
                }
                () = reached(look_through) => {
                    look_through = None;
                    alarms.wake(Slot::has_ended_session);
                }
                Ok(()) = histories.changed() => alarms.wake(|_| true),
                Ok(()) = draining.changed() => alarms.wake(|_| true),
            }
        }
    });
}

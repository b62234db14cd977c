//! Sleeping to a hundredth of a millisecond, which the runtime's timers (of 1 ms) can't do.
//!
//! A sleeping processor takes its time to wake, a virtual one a tenth of a millisecond and more.
//! So the timer is set that much too early, as much as it was late before, and what is left of the
//! time is spent looking at the clock.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use super::timer::Timer;

/// The most time that is spent looking at the clock.
const LONGEST_WATCH: Duration = Duration::from_micros(200);

/// The alarms of one thread, rung by one timer of the kernel.
pub struct Clock {
    timer: Timer,
    /// By deadline; the number tells apart those of one instant.
    alarms: RefCell<BTreeMap<(Instant, u64), Waker>>,
    given: Cell<u64>,
    /// How much too early the timer is set.
    margin: Cell<Duration>,
    /// What the timer is set to, if it has not rung yet.
    set_to: Cell<Option<Instant>>,
}

impl Clock {
    pub fn new() -> io::Result<Rc<Self>> {
        Ok(Rc::new(Clock {
            timer: Timer::new()?,
            alarms: RefCell::default(),
            given: Cell::new(0),
            margin: Cell::new(LONGEST_WATCH),
            set_to: Cell::new(None),
        }))
    }

    /// Ready at `deadline`, never before.
    pub fn until(self: &Rc<Self>, deadline: Instant) -> Until {
        let number = self.given.get();
        self.given.set(number + 1);
        Until {
            clock: self.clone(),
            key: (deadline, number),
            set: false,
        }
    }

    /// Rings the alarms, for as long as it is polled.
    pub async fn run(&self) -> io::Result<()> {
        loop {
            self.timer.rung().await?;
            self.learn();
            self.watch().await;
            let later = self
                .alarms
                .borrow_mut()
                .split_off(&(Instant::now(), u64::MAX));
            let due = self.alarms.replace(later);
            due.into_values().for_each(Waker::wake);
            self.arm()?;
        }
    }

    /// Follows how late the timer rings: quickly up, slowly down, so that it is mostly early.
    fn learn(&self) {
        let Some(late) = self.set_to.take().map(|set_to| set_to.elapsed()) else {
            return;
        };
        let margin = self.margin.get();
        let margin = match late.checked_sub(margin) {
            Some(more) => margin + more / 8,
            None => margin - (margin - late) / 32,
        };
        self.margin.set(margin.min(LONGEST_WATCH));
    }

    /// Looks at the clock until the first alarm is due, if it soon is. What else there is to do
    /// on this thread is done meanwhile.
    async fn watch(&self) {
        let soon = Instant::now() + self.margin.get();
        let first = || {
            self.alarms
                .borrow()
                .first_key_value()
                .map(|((first, _), _)| *first)
        };
        while first().is_some_and(|first| first <= soon && Instant::now() < first) {
            tokio::task::yield_now().await;
        }
    }

    fn arm(&self) -> io::Result<()> {
        let alarms = self.alarms.borrow();
        let Some(((deadline, _), _)) = alarms.first_key_value() else {
            return Ok(());
        };
        let early = *deadline - self.margin.get();
        self.set_to.set(Some(early));
        self.timer.set(early)
    }

    fn add(&self, key: (Instant, u64), waker: Waker) -> io::Result<()> {
        let mut alarms = self.alarms.borrow_mut();
        let is_next = alarms
            .first_key_value()
            .is_none_or(|(first, _)| key < *first);
        alarms.insert(key, waker);
        drop(alarms);
        if is_next { self.arm() } else { Ok(()) }
    }
}

/// An alarm; forgotten when dropped.
pub struct Until {
    clock: Rc<Clock>,
    key: (Instant, u64),
    set: bool,
}

impl Future for Until {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if Instant::now() >= self.key.0 {
            return Poll::Ready(Ok(()));
        }
        self.set = true;
        match self.clock.add(self.key, cx.waker().clone()) {
            Ok(()) => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

impl Drop for Until {
    fn drop(&mut self) {
        if self.set {
            self.clock.alarms.borrow_mut().remove(&self.key);
        }
    }
}

//! Sleeping with an accuracy of 0.01 ms. The runtime's own timers have a resolution of 1 ms.
//!
//! An idle processor takes time to wake: on a virtual machine 0.1 ms and more. So the kernel timer
//! is set early by a margin, which follows how late the timer was before, and the rest of the time
//! is spent in a loop that reads the clock.

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

/// The longest time that is spent reading the clock in a loop.
const MAX_SPIN: Duration = Duration::from_micros(200);

/// The alarms of one thread, all driven by one kernel timer.
pub struct Clock {
    timer: Timer,
    /// Sorted by deadline; the number distinguishes alarms with the same deadline.
    alarms: RefCell<BTreeMap<(Instant, u64), Waker>>,
    next_number: Cell<u64>,
    /// How much earlier than the deadline the timer is set.
    margin: Cell<Duration>,
    /// When the timer will expire; `None` once it has.
    set_to: Cell<Option<Instant>>,
}

impl Clock {
    /// # Errors
    /// The system has no timer to give.
    pub fn new() -> io::Result<Rc<Self>> {
        Ok(Rc::new(Clock {
            timer: Timer::new()?,
            alarms: RefCell::default(),
            next_number: Cell::new(0),
            margin: Cell::new(MAX_SPIN),
            set_to: Cell::new(None),
        }))
    }

    /// An alarm that resolves at `deadline`, never before.
    pub fn until(self: &Rc<Self>, deadline: Instant) -> Alarm {
        let number = self.next_number.get();
        self.next_number.set(number + 1);
        Alarm {
            clock: self.clone(),
            key: (deadline, number),
            set: false,
        }
    }

    /// Wakes the alarms as they fall due, for as long as this future is polled.
    ///
    /// # Errors
    /// The timer failed.
    pub async fn run(&self) -> io::Result<()> {
        loop {
            self.timer.expired().await?;
            self.adjust_margin();
            self.spin_until_due().await;
            let later = self
                .alarms
                .borrow_mut()
                .split_off(&(Instant::now(), u64::MAX));
            let due = self.alarms.replace(later);
            due.into_values().for_each(Waker::wake);
            self.arm()?;
        }
    }

    /// Adapts the margin to how late the timer expired: quickly upwards and slowly downwards, so
    /// that the timer is usually early.
    fn adjust_margin(&self) {
        let Some(lateness) = self.set_to.take().map(|set_to| set_to.elapsed()) else {
            return;
        };
        let margin = self.margin.get();
        let margin = match lateness.checked_sub(margin) {
            Some(excess) => margin + excess / 8,
            None => margin
                .checked_sub(margin.checked_sub(lateness).unwrap() / 32)
                .unwrap(),
        };
        self.margin.set(margin.min(MAX_SPIN));
    }

    /// Reads the clock in a loop until the first alarm is due, if that is within the margin. Other
    /// tasks of this thread run between the readings.
    async fn spin_until_due(&self) {
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
        let early = (*deadline).checked_sub(self.margin.get()).unwrap();
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

/// Resolves at its deadline. Dropping it cancels the alarm.
pub struct Alarm {
    clock: Rc<Clock>,
    key: (Instant, u64),
    set: bool,
}

impl Future for Alarm {
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

impl Drop for Alarm {
    fn drop(&mut self) {
        if self.set {
            self.clock.alarms.borrow_mut().remove(&self.key);
        }
    }
}

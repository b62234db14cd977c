//! A kernel timer (timerfd).

pub use imp::Timer;

#[cfg(target_os = "linux")]
mod imp {
    use std::{io, os::fd::OwnedFd, time::Instant};

    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    use tokio::io::unix::AsyncFd;

    pub struct Timer(AsyncFd<OwnedFd>);

    impl Timer {
        pub fn new() -> io::Result<Self> {
            let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
            let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
            // SAFETY: the `AsyncFd` owns the descriptor and keeps it open until it is dropped.
            Ok(Timer(unsafe { AsyncFd::register(timer) }?))
        }

        /// Makes the timer expire once, at `instant`. Replaces the time that was set before.
        pub fn set(&self, instant: Instant) -> io::Result<()> {
            // A time of 0 would disarm the timer.
            let wait = instant.saturating_duration_since(Instant::now());
            let wait = wait.max(std::time::Duration::from_nanos(1));
            let once = Itimerspec {
                it_interval: Timespec::default(),
                it_value: Timespec::try_from(wait).map_err(io::Error::other)?,
            };
            timerfd_settime(self.0.get_ref(), TimerfdTimerFlags::empty(), &once)?;
            Ok(())
        }

        pub async fn expired(&self) -> io::Result<()> {
            let mut times = [0; 8];
            let mut guard = self.0.readable().await?;
            // If the timer was set again meanwhile, there is nothing to read; it expires later.
            let _ = guard.try_io(|timer| Ok(rustix::io::read(timer, &mut times)?));
            Ok(())
        }
    }
}

/// Elsewhere the runtime's own timer is used, which is accurate to 1 ms.
#[cfg(not(target_os = "linux"))]
mod imp {
    use std::{cell::Cell, io, time::Instant};

    use tokio::sync::Notify;

    pub struct Timer {
        at: Cell<Option<Instant>>,
        set: Notify,
    }

    impl Timer {
        pub fn new() -> io::Result<Self> {
            Ok(Timer {
                at: Cell::new(None),
                set: Notify::new(),
            })
        }

        pub fn set(&self, instant: Instant) -> io::Result<()> {
            self.at.set(Some(instant));
            self.set.notify_one();
            Ok(())
        }

        pub async fn expired(&self) -> io::Result<()> {
            loop {
                let at = self.at.get();
                tokio::select! {
                    () = async { match at {
                        Some(at) => tokio::time::sleep_until(at.into()).await,
                        None => std::future::pending().await,
                    }} => { self.at.set(None); return Ok(()) }
                    () = self.set.notified() => {}
                }
            }
        }
    }
}

//! On which core a thread runs, and with which scheduling priority.

/// The scheduling priority of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// Real-time: runs before all threads of normal priority. For a thread that mostly sleeps.
    /// Needs a privilege that not every user has.
    Urgent,
    /// Runs after threads of normal priority (a nice value of 10).
    Low,
    /// Runs only if nothing else does.
    Idle,
}

#[cfg(target_os = "linux")]
mod imp {
    use std::time::Duration;

    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    use super::Priority;

    /// Restricts the calling thread, and the threads that it starts later, to this core. Returns
    /// whether that succeeded.
    pub fn pin(core: usize) -> bool {
        let mut cores = CpuSet::new();
        if core >= CpuSet::MAX_CPU {
            return false;
        }
        cores.set(core);
        sched_setaffinity(None, &cores).is_ok()
    }

    /// The cores on which the calling thread may run.
    pub fn cores() -> Vec<usize> {
        let Ok(cores) = sched_getaffinity(None) else {
            return Vec::new();
        };
        (0..CpuSet::MAX_CPU)
            .filter(|core| cores.is_set(*core))
            .collect()
    }

    /// Sets the priority of the calling thread. Returns whether that succeeded.
    pub fn set(priority: Priority) -> bool {
        match priority {
            Priority::Urgent => schedule(libc::SCHED_FIFO, 1),
            // On Linux this applies to the calling thread, not to the process.
            Priority::Low => rustix::process::nice(10).is_ok(),
            Priority::Idle => schedule(libc::SCHED_IDLE, 0),
        }
    }

    fn schedule(policy: libc::c_int, sched_priority: libc::c_int) -> bool {
        let parameters = libc::sched_param { sched_priority };
        // SAFETY: the kernel reads the parameters, which outlive the call; 0 is the calling
        // thread.
        unsafe { libc::sched_setscheduler(0, policy, &raw const parameters) == 0 }
    }

    /// Removes the timer slack, the 50 µs by which the kernel may delay the wake-ups of this
    /// thread.
    pub fn set_timer_slack() {
        // SAFETY: this option takes a number and touches no memory. It can only fail if the
        // kernel does not know it; the slack then stays as it is.
        unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, 1 as libc::c_ulong) };
    }

    /// The system's id of the calling thread.
    pub fn current_thread_id() -> Option<u32> {
        u32::try_from(rustix::thread::gettid().as_raw_nonzero().get()).ok()
    }

    /// The processor time that a thread of this process has used. The clock of the thread is exact;
    /// `schedstat` of a running thread is behind by up to a tick of the scheduler.
    pub fn cpu_time(thread: u32) -> Option<Duration> {
        // include/linux/posix-timers.h: the complement of the id, then the kind of the clock.
        const PER_THREAD: libc::clockid_t = 4;
        const SCHEDULED_TIME: libc::clockid_t = 2;
        let id = libc::clockid_t::try_from(thread).ok()?;
        let clock = (!id << 3) | PER_THREAD | SCHEDULED_TIME;
        let mut time = libc::timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        // SAFETY: the kernel writes a timespec, which outlives the call.
        let result = unsafe { libc::clock_gettime(clock, &raw mut time) };
        (result == 0).then(|| Duration::new(time.tv_sec as u64, time.tv_nsec as u32))
    }
}

#[cfg(not(target_os = "linux"))]
mod imp {
    use std::time::Duration;

    use super::Priority;

    pub fn pin(_core: usize) -> bool {
        false
    }

    pub fn cores() -> Vec<usize> {
        Vec::new()
    }

    pub fn set(_priority: Priority) -> bool {
        false
    }

    pub fn set_timer_slack() {}

    pub fn current_thread_id() -> Option<u32> {
        None
    }

    pub fn cpu_time(_thread: u32) -> Option<Duration> {
        None
    }
}

pub use imp::{cores, cpu_time, current_thread_id, pin, set, set_timer_slack};

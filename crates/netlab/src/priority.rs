//! Which thread runs where, and which gives way to which.

/// How willingly a thread gives way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// To nothing of normal priority: real time, for a thread that mostly sleeps. It takes a
    /// privilege that not every user has.
    Urgent,
    /// To threads of normal priority.
    Low,
    /// To everything.
    Idle,
}

#[cfg(target_os = "linux")]
mod imp {
    use std::{fs, time::Duration};

    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    use super::Priority;

    /// Puts the calling thread, and what it starts from now on, on this core; false where it can't.
    pub fn pin(core: usize) -> bool {
        let mut cores = CpuSet::new();
        if core >= CpuSet::MAX_CPU {
            return false;
        }
        cores.set(core);
        sched_setaffinity(None, &cores).is_ok()
    }

    /// The cores that the calling thread may run on.
    pub fn cores() -> Vec<usize> {
        let Ok(cores) = sched_getaffinity(None) else {
            return Vec::new();
        };
        (0..CpuSet::MAX_CPU)
            .filter(|core| cores.is_set(*core))
            .collect()
    }

    /// Makes the calling thread give way; false where it can't.
    pub fn set(priority: Priority) -> bool {
        match priority {
            Priority::Urgent => schedule(libc::SCHED_FIFO, 1),
            // Of a thread, not of the process: so it is on Linux.
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

    /// Forgoes the 50 µs by which the kernel may put off what this thread waits for.
    pub fn set_timer_slack() {
        // SAFETY: this option takes a number and touches no memory. It can only fail where the
        // kernel does not know it; then the thread is as punctual as any.
        unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, 1 as libc::c_ulong) };
    }

    /// The number by which the system knows the calling thread.
    pub fn own_number() -> Option<u32> {
        u32::try_from(rustix::thread::gettid().as_raw_nonzero().get()).ok()
    }

    /// The processor time that a thread of this process has taken.
    pub fn time_of(thread: u32) -> Option<Duration> {
        let line = fs::read_to_string(format!("/proc/self/task/{thread}/schedstat")).ok()?;
        let nanoseconds = line.split(' ').next()?.parse().ok()?;
        Some(Duration::from_nanos(nanoseconds))
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

    pub fn own_number() -> Option<u32> {
        None
    }

    pub fn time_of(_thread: u32) -> Option<Duration> {
        None
    }
}

pub use imp::{cores, own_number, pin, set, set_timer_slack, time_of};

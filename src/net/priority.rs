//! Which thread runs where, and which gives way to which.

use std::time::Duration;

/// How willingly a thread gives way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
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
            // Of a thread, not of the process: so it is on Linux.
            Priority::Low => rustix::process::nice(10).is_ok(),
            Priority::Idle => {
                let parameters = libc::sched_param { sched_priority: 0 };
                // SAFETY: the kernel reads the parameters, which outlive the call; 0 is the
                // calling thread.
                unsafe { libc::sched_setscheduler(0, libc::SCHED_IDLE, &raw const parameters) == 0 }
            }
        }
    }

    /// The processor time that the calling thread has taken.
    pub fn thread_time() -> Option<Duration> {
        let line = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        let nanoseconds = line.split(' ').next()?.parse().ok()?;
        Some(Duration::from_nanos(nanoseconds))
    }
}

#[cfg(not(target_os = "linux"))]
mod imp {
    use super::*;

    pub fn pin(_core: usize) -> bool {
        false
    }

    pub fn cores() -> Vec<usize> {
        Vec::new()
    }

    pub fn set(_priority: Priority) -> bool {
        false
    }

    pub fn thread_time() -> Option<Duration> {
        None
    }
}

pub use imp::{cores, pin, set, thread_time};

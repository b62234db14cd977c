//! Child processes that are placed on a core and do not outlive this process.

use std::process::Command;

#[cfg(target_os = "linux")]
mod imp {
    use std::{io, os::unix::process::CommandExt};

    use super::Command;
    use crate::priority;

    /// Pins the child to this core before it runs. Elsewhere than on Linux it does nothing.
    pub fn pin(command: &mut Command, core: usize) {
        // SAFETY: after the fork only one system call is made; nothing is allocated and no lock is
        // taken.
        unsafe {
            command.pre_exec(move || {
                // Without the core, the child runs anywhere; the environment records that.
                priority::pin(core);
                Ok(())
            });
        }
    }

    /// Ends the child when the thread that starts it ends, however it ends: also by SIGKILL.
    /// Elsewhere than on Linux it does nothing.
    pub fn end_with_this_thread(command: &mut Command) {
        let parent = std::process::id();
        // SAFETY: after the fork only system calls are made; nothing is allocated and no lock is
        // taken.
        unsafe {
            command.pre_exec(move || {
                let signal = libc::SIGKILL as libc::c_ulong;
                if libc::prctl(libc::PR_SET_PDEATHSIG, signal) != 0 {
                    return Err(io::Error::last_os_error());
                }
                // The parent may have ended before the call.
                if u32::try_from(libc::getppid()) != Ok(parent) {
                    return Err(io::ErrorKind::NotConnected.into());
                }
                Ok(())
            });
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod imp {
    use super::Command;

    pub fn pin(_command: &mut Command, _core: usize) {}

    pub fn end_with_this_thread(_command: &mut Command) {}
}

pub use imp::{end_with_this_thread, pin};

//! A socket that other threads may ask about, until its owner closes it.

use parking_lot::Mutex;
use tokio::net::TcpStream;

use super::kernel::{Counted, counted};

#[cfg(unix)]
mod imp {
    use std::os::fd::{AsRawFd, BorrowedFd, RawFd};

    use super::*;

    /// The descriptor, for as long as it is open.
    pub struct Handle(Mutex<Option<RawFd>>);

    impl Handle {
        pub fn of(io: &TcpStream) -> Self {
            Handle(Mutex::new(Some(io.as_raw_fd())))
        }

        /// What the kernel counted of it, while it is open.
        pub fn counted(&self) -> Option<Counted> {
            self.with(|socket| counted(&socket)).flatten()
        }

        /// Ends both directions; its owner will find it ended.
        pub fn shut_down(&self) {
            // It may be shut down already.
            self.with(|socket| rustix::net::shutdown(socket, rustix::net::Shutdown::Both));
        }

        /// The owner is about to close it. Whoever asks about it at this moment is waited for.
        pub fn close(&self) {
            self.0.lock().take();
        }

        fn with<T>(&self, ask: impl FnOnce(BorrowedFd<'_>) -> T) -> Option<T> {
            let open = self.0.lock();
            // SAFETY: the owner calls `close`, which takes this lock, before it closes the
            // descriptor, so it is open as long as the lock is held.
            open.map(|raw| ask(unsafe { BorrowedFd::borrow_raw(raw) }))
        }
    }
}

#[cfg(not(unix))]
mod imp {
    use super::*;

    /// Nothing can be asked about it here.
    pub struct Handle(Mutex<()>);

    impl Handle {
        pub fn of(_io: &TcpStream) -> Self {
            Handle(Mutex::new(()))
        }

        pub fn counted(&self) -> Option<Counted> {
            let _nobody = self.0.lock();
            counted(&())
        }

        pub fn shut_down(&self) {}

        pub fn close(&self) {}
    }
}

pub use imp::Handle;

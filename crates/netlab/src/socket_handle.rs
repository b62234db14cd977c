//! A handle to a socket, for use on other threads until the socket's owner closes it.

use parking_lot::Mutex;
use tokio::net::TcpStream;

use super::tcp_info::{TcpInfo, tcp_info};

#[cfg(unix)]
mod imp {
    use std::os::fd::{AsRawFd, BorrowedFd, RawFd};

    use super::{Mutex, TcpInfo, TcpStream, tcp_info};

    /// The descriptor, while it is open.
    pub struct SocketHandle(Mutex<Option<RawFd>>);

    impl SocketHandle {
        pub fn of(io: &TcpStream) -> Self {
            SocketHandle(Mutex::new(Some(io.as_raw_fd())))
        }

        /// The kernel's counters of the connection; `None` once it is closed.
        pub fn tcp_info(&self) -> Option<TcpInfo> {
            self.with(|socket| tcp_info(&socket)).flatten()
        }

        /// Shuts down both directions. The owner of the socket sees the connection end.
        pub fn shut_down(&self) {
            // An error means that it is already shut down.
            self.with(|socket| rustix::net::shutdown(socket, rustix::net::Shutdown::Both));
        }

        /// Must be called by the owner before it closes the socket. Waits for a use on another
        /// thread to finish.
        pub fn close(&self) {
            self.0.lock().take();
        }

        fn with<T>(&self, use_socket: impl FnOnce(BorrowedFd<'_>) -> T) -> Option<T> {
            let open = self.0.lock();
            // SAFETY: the owner calls `close`, which takes this lock, before it closes the
            // descriptor, so it is open as long as the lock is held.
            open.map(|raw| use_socket(unsafe { BorrowedFd::borrow_raw(raw) }))
        }
    }
}

#[cfg(not(unix))]
mod imp {
    use super::*;

    /// A placeholder: the operations are not available on this platform.
    pub struct SocketHandle(Mutex<()>);

    impl SocketHandle {
        pub fn of(_io: &TcpStream) -> Self {
            SocketHandle(Mutex::new(()))
        }

        pub fn tcp_info(&self) -> Option<TcpInfo> {
            let _lock = self.0.lock();
            tcp_info(&())
        }

        pub fn shut_down(&self) {}

        pub fn close(&self) {}
    }
}

pub use imp::SocketHandle;

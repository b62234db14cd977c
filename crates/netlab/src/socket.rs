//! Socket options for a server of small messages.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use socket2::{Domain, SockRef, Socket, Type};
use tokio::net::TcpStream;

/// How many unsent bytes the kernel may buffer for a connection. Messages beyond it stay in the
/// log, which all readers share.
#[cfg(target_os = "linux")]
static UNSENT_BYTES: libc::c_int = 64 * 1024;

/// Opens a non-blocking listener. At most `backlog` connections wait to be accepted.
///
/// # Errors
/// The address could not be bound.
pub fn listen(address: SocketAddr, backlog: i32) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // Without it, a restart would fail while connections of the previous run are in TIME_WAIT.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(backlog)?;
    Ok(socket.into())
}

/// Sends small writes at once, and bounds what the kernel buffers for a slow peer.
///
/// # Errors
/// The socket does not take an option.
pub fn tune(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    limit_unsent(stream)
}

/// Ends a connection whose peer has not acknowledged what was sent for this long (TCP_USER_TIMEOUT,
/// RFC 5482). Nothing happens where the platform cannot.
///
/// # Errors
/// The socket does not take the option.
pub fn limit_silence(stream: &TcpStream, after: Duration) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    SockRef::from(stream).set_tcp_user_timeout(Some(after))?;
    let _ = (stream, after);
    Ok(())
}

#[cfg(target_os = "linux")]
fn limit_unsent(stream: &TcpStream) -> io::Result<()> {
    use std::os::fd::AsRawFd;

    // SAFETY: the descriptor is open for as long as `stream` is borrowed, and the option is read
    // from a c_int of the size given.
    let result = unsafe {
        libc::setsockopt(
            stream.as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_NOTSENT_LOWAT,
            (&raw const UNSENT_BYTES).cast(),
            size_of_val(&UNSENT_BYTES) as libc::socklen_t,
        )
    };
    if result == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

#[cfg(not(target_os = "linux"))]
fn limit_unsent(_stream: &TcpStream) -> io::Result<()> {
    Ok(())
}

/// Sends what the kernel accepts at once. Unlike [`TcpStream::try_write`] it asks the kernel, not tokio's
/// memory of the socket, which costs a cache miss.
///
/// # Errors
/// The kernel accepts nothing, or the connection is broken.
#[cfg(unix)]
pub fn send(stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
    Ok(rustix::net::send(stream, bytes, SEND_FLAGS)?)
}

#[cfg(any(target_os = "linux", target_os = "android"))]
const SEND_FLAGS: rustix::net::SendFlags = rustix::net::SendFlags::NOSIGNAL;
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
const SEND_FLAGS: rustix::net::SendFlags = rustix::net::SendFlags::empty();

#[cfg(not(unix))]
pub fn send(stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
    stream.try_write(bytes)
}

/// The bytes in the kernel's send queue, sent or not, that the peer has not acknowledged yet.
/// `None` if the platform does not report it.
#[cfg(target_os = "linux")]
pub fn send_queue_bytes(stream: &TcpStream) -> Option<u64> {
    use std::os::fd::AsRawFd;

    let mut queued: libc::c_int = 0;
    // SAFETY: the descriptor is open for as long as `stream` is borrowed, and the result is written
    // to a c_int (SIOCOUTQ, tcp(7); the same request as TIOCOUTQ).
    let result = unsafe { libc::ioctl(stream.as_raw_fd(), libc::TIOCOUTQ, &raw mut queued) };
    (result == 0).then_some(queued.unsigned_abs().into())
}

#[cfg(not(target_os = "linux"))]
pub fn send_queue_bytes(_stream: &TcpStream) -> Option<u64> {
    None
}

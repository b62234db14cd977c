//! Socket options for a server of small messages.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use socket2::{Domain, Socket, Type};
use tokio::net::TcpStream;

/// How many bytes the kernel may hold that the peer's window has no room for yet. The rest waits
/// in the log, where all readers share it.
#[cfg(target_os = "linux")]
static UNSENT_BYTES: libc::c_int = 64 * 1024;

/// Listens where so many connections may wait to be accepted; without blocking.
pub fn listen(address: SocketAddr, backlog: i32) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // A restart must not wait for the connections of the run before to be forgotten.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(backlog)?;
    Ok(socket.into())
}

/// Sends small writes at once, and keeps what a slow peer can pile up in the kernel bounded.
pub fn tune(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    limit_unsent(stream)
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

/// The bytes that the kernel holds for the peer, sent or not, until the peer accepts them. Unknown
/// where the platform does not say.
#[cfg(target_os = "linux")]
pub fn held_bytes(stream: &TcpStream) -> Option<u64> {
    use std::os::fd::AsRawFd;

    let mut held: libc::c_int = 0;
    // SAFETY: the descriptor is open for as long as `stream` is borrowed, and the answer is written
    // to a c_int (SIOCOUTQ, tcp(7); the same request as TIOCOUTQ).
    let result = unsafe { libc::ioctl(stream.as_raw_fd(), libc::TIOCOUTQ, &raw mut held) };
    (result == 0).then_some(held.unsigned_abs().into())
}

#[cfg(not(target_os = "linux"))]
pub fn held_bytes(_stream: &TcpStream) -> Option<u64> {
    None
}

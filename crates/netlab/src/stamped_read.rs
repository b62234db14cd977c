//! Reading from a connection, with the time that the bytes had waited in the kernel.

use std::{io, time::Duration};

use tokio::net::TcpStream;

/// What was read at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StampedRead {
    pub bytes: usize,
    /// How long ago the kernel received the last of these bytes. `None` at the end of the stream,
    /// and where the kernel gives no time stamp.
    pub waited: Option<Duration>,
}

#[cfg(target_os = "linux")]
mod imp {
    use std::{
        os::fd::AsRawFd,
        ptr,
        time::{SystemTime, UNIX_EPOCH},
    };

    use tokio::io::Interest;

    use super::{Duration, StampedRead, TcpStream, io};

    /// Room for one control message with a `timespec`, aligned as the kernel needs it.
    #[repr(C, align(8))]
    struct Control([u8; 64]);

    /// Asks the kernel to stamp what this connection receives. Returns whether it does.
    pub fn stamp_reads(stream: &TcpStream) -> bool {
        let on: libc::c_int = 1;
        // SAFETY: the descriptor is open for as long as `stream` is borrowed, and the option is
        // read from a c_int of the size given.
        let result = unsafe {
            libc::setsockopt(
                stream.as_raw_fd(),
                libc::SOL_SOCKET,
                libc::SO_TIMESTAMPNS,
                (&raw const on).cast(),
                size_of_val(&on) as libc::socklen_t,
            )
        };
        result == 0
    }

    /// Reads what is there, like [`TcpStream::try_read`]. The connection must have been given to
    /// [`stamp_reads`] before.
    ///
    /// # Errors
    /// Nothing is there (`WouldBlock`), or the connection failed.
    pub fn try_read_stamped(stream: &TcpStream, buffer: &mut [u8]) -> io::Result<StampedRead> {
        stream.try_io(Interest::READABLE, || receive(stream, buffer))
    }

    fn receive(stream: &TcpStream, buffer: &mut [u8]) -> io::Result<StampedRead> {
        let mut control = Control([0; 64]);
        let mut part = libc::iovec {
            iov_base: buffer.as_mut_ptr().cast(),
            iov_len: buffer.len(),
        };
        // SAFETY: all-zero bytes are a valid msghdr without buffers.
        let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
        header.msg_iov = &raw mut part;
        header.msg_iovlen = 1;
        header.msg_control = control.0.as_mut_ptr().cast();
        header.msg_controllen = control.0.len() as _;
        // SAFETY: the descriptor is open for as long as `stream` is borrowed; the header points to
        // buffers of the sizes given, which outlive the call.
        let received = unsafe { libc::recvmsg(stream.as_raw_fd(), &raw mut header, 0) };
        let Ok(bytes) = usize::try_from(received) else {
            return Err(io::Error::last_os_error());
        };
        let stamp = if bytes > 0 { stamp(&header) } else { None };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok();
        Ok(StampedRead {
            bytes,
            waited: stamp.zip(now).map(|(stamp, now)| now.saturating_sub(stamp)),
        })
    }

    /// The time stamp among the control messages, since the epoch of the wall clock.
    fn stamp(header: &libc::msghdr) -> Option<Duration> {
        // SAFETY: the kernel has written the control messages that the header describes, and the
        // macros stay within them. A message of this type has a timespec, which may be unaligned.
        unsafe {
            let mut message = libc::CMSG_FIRSTHDR(header);
            while !message.is_null() {
                let is_stamp = (*message).cmsg_level == libc::SOL_SOCKET
                    && (*message).cmsg_type == libc::SCM_TIMESTAMPNS;
                if is_stamp {
                    let at: libc::timespec = ptr::read_unaligned(libc::CMSG_DATA(message).cast());
                    return Some(Duration::new(at.tv_sec as u64, at.tv_nsec as u32));
                }
                message = libc::CMSG_NXTHDR(header, message);
            }
        }
        None
    }
}

#[cfg(not(target_os = "linux"))]
mod imp {
    use super::{StampedRead, TcpStream, io};

    pub fn stamp_reads(_stream: &TcpStream) -> bool {
        false
    }

    pub fn try_read_stamped(stream: &TcpStream, buffer: &mut [u8]) -> io::Result<StampedRead> {
        let bytes = stream.try_read(buffer)?;
        Ok(StampedRead {
            bytes,
            waited: None,
        })
    }
}

pub use imp::{stamp_reads, try_read_stamped};

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{io::Write, time::Instant};

    use super::*;

    /// A connection whose first bytes are already there.
    async fn connected(bytes: &[u8]) -> (TcpStream, std::net::TcpStream) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        assert!(stamp_reads(&near));
        let (mut far, _) = listener.accept().unwrap();
        far.write_all(bytes).unwrap();
        (near, far)
    }

    /// The kernel begins to stamp a moment after the first connection asks for it, so this sends
    /// until there is a stamp.
    #[tokio::test]
    async fn bytes_that_were_left_waiting_say_so() {
        let (near, mut far) = connected(b"").await;
        let mut buffer = [0; 64];
        loop {
            let sent = Instant::now();
            far.write_all(b"hello").unwrap();
            near.readable().await.unwrap();
            // What is measured is this wait.
            std::thread::sleep(Duration::from_millis(20));
            let read = try_read_stamped(&near, &mut buffer).unwrap();
            assert_eq!(&buffer[..read.bytes], b"hello");
            let Some(waited) = read.waited else { continue };
            assert!(waited >= Duration::from_millis(19) && waited <= sent.elapsed());
            return;
        }
    }

    #[tokio::test]
    async fn the_end_has_no_stamp_and_nothing_is_an_error() {
        let (near, far) = connected(b"").await;
        let mut buffer = [0; 8];
        let nothing = try_read_stamped(&near, &mut buffer).unwrap_err();
        assert_eq!(nothing.kind(), io::ErrorKind::WouldBlock);
        drop(far);
        near.readable().await.unwrap();
        let end = try_read_stamped(&near, &mut buffer).unwrap();
        assert_eq!((end.bytes, end.waited), (0, None));
    }
}

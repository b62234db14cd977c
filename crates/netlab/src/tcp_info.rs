//! The kernel's counters of a TCP connection: Linux's TCP_INFO.

/// The counters of one connection since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpInfo {
    /// Bytes that the peer has acknowledged. The SYN counts as one byte, and so does the FIN.
    pub acknowledged: u64,
    /// Bytes received. The peer's FIN counts as one byte.
    pub received: u64,
    pub segments_out: u64,
    pub segments_in: u64,
    /// Received segments with data.
    pub data_segments_in: u64,
    /// Bytes sent, including retransmissions.
    pub sent: u64,
}

#[cfg(target_os = "linux")]
mod imp {
    use std::os::fd::{AsFd, AsRawFd};

    use super::TcpInfo;

    /// Offsets of the counters in `struct tcp_info` (linux/tcp.h). New fields are only ever
    /// appended.
    const BYTES_ACKED: usize = 120;
    const BYTES_RECEIVED: usize = 128;
    const SEGMENTS_OUT: usize = 136;
    const SEGMENTS_IN: usize = 140;
    const DATA_SEGMENTS_IN: usize = 152;
    /// Since Linux 4.19.
    const BYTES_SENT: usize = 200;
    const NEEDED: usize = 208;

    /// The kernel's counters of this connection; `None` if it does not report all of them.
    pub fn tcp_info(socket: &impl AsFd) -> Option<TcpInfo> {
        let mut info = [0u8; NEEDED];
        let mut length = NEEDED as libc::socklen_t;
        // SAFETY: the descriptor is open for as long as `socket` is borrowed, and the kernel
        // writes no more than `length` bytes of `info`.
        let result = unsafe {
            libc::getsockopt(
                socket.as_fd().as_raw_fd(),
                libc::IPPROTO_TCP,
                libc::TCP_INFO,
                info.as_mut_ptr().cast(),
                &raw mut length,
            )
        };
        (result == 0 && length as usize == NEEDED).then(|| TcpInfo {
            acknowledged: u64_at(&info, BYTES_ACKED),
            received: u64_at(&info, BYTES_RECEIVED),
            segments_out: u32_at(&info, SEGMENTS_OUT).into(),
            segments_in: u32_at(&info, SEGMENTS_IN).into(),
            data_segments_in: u32_at(&info, DATA_SEGMENTS_IN).into(),
            sent: u64_at(&info, BYTES_SENT),
        })
    }

    fn u64_at(info: &[u8], offset: usize) -> u64 {
        u64::from_ne_bytes(info[offset..offset + 8].try_into().expect("eight bytes"))
    }

    fn u32_at(info: &[u8], offset: usize) -> u32 {
        u32::from_ne_bytes(info[offset..offset + 4].try_into().expect("four bytes"))
    }
}

#[cfg(not(target_os = "linux"))]
mod imp {
    use super::TcpInfo;

    pub fn tcp_info<S>(_socket: &S) -> Option<TcpInfo> {
        None
    }
}

pub use imp::tcp_info;

/// Whether the kernel of this platform reports TCP_INFO.
pub const HAS_TCP_INFO: bool = cfg!(target_os = "linux");

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{
        io::{Read, Write},
        net::{Shutdown, TcpListener, TcpStream},
    };

    use super::*;

    #[test]
    fn syn_and_fin_count_as_one_byte_each() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut far, _) = listener.accept().unwrap();
        near.write_all(&[1; 1000]).unwrap();
        near.shutdown(Shutdown::Write).unwrap();
        let mut received = Vec::new();
        far.read_to_end(&mut received).unwrap();
        far.write_all(&[2; 77]).unwrap();
        drop(far);
        near.read_to_end(&mut received).unwrap();
        let info = tcp_info(&near).unwrap();
        assert_eq!(info.acknowledged, 1000 + 2);
        assert_eq!(info.received, 77 + 1);
        assert_eq!(info.sent, 1000);
        assert!(info.segments_out >= 3 && info.segments_in >= 3);
        assert!((1..info.segments_in).contains(&info.data_segments_in));
    }
}

//! What the kernel counted of a connection: Linux's TCP_INFO.

/// Of one connection, since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Bytes that the peer acknowledged; the SYN counts as one, and so does the FIN.
    pub acknowledged: u64,
    /// Bytes that came, the peer's FIN counting as one.
    pub received: u64,
    pub segments_out: u64,
    pub segments_in: u64,
    /// Segments that came with data.
    pub data_segments_in: u64,
    /// Bytes sent, those sent again among them.
    pub sent: u64,
}

#[cfg(target_os = "linux")]
mod imp {
    use std::os::fd::{AsFd, AsRawFd};

    use super::Counted;

    /// Where the counters stand in `struct tcp_info` (linux/tcp.h), which only ever grows.
    const BYTES_ACKED: usize = 120;
    const BYTES_RECEIVED: usize = 128;
    const SEGMENTS_OUT: usize = 136;
    const SEGMENTS_IN: usize = 140;
    const DATA_SEGMENTS_IN: usize = 152;
    /// Since Linux 4.19.
    const BYTES_SENT: usize = 200;
    const NEEDED: usize = 208;

    /// What the kernel has counted of this connection; `None` where it does not tell.
    pub fn counted(socket: &impl AsFd) -> Option<Counted> {
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
        (result == 0 && length as usize == NEEDED).then(|| Counted {
            acknowledged: u64_at(&info, BYTES_ACKED),
            received: u64_at(&info, BYTES_RECEIVED),
            segments_out: u32_at(&info, SEGMENTS_OUT).into(),
            segments_in: u32_at(&info, SEGMENTS_IN).into(),
            data_segments_in: u32_at(&info, DATA_SEGMENTS_IN).into(),
            sent: u64_at(&info, BYTES_SENT),
        })
    }

    fn u64_at(info: &[u8], place: usize) -> u64 {
        u64::from_ne_bytes(info[place..place + 8].try_into().expect("eight bytes"))
    }

    fn u32_at(info: &[u8], place: usize) -> u32 {
        u32::from_ne_bytes(info[place..place + 4].try_into().expect("four bytes"))
    }
}

#[cfg(not(target_os = "linux"))]
mod imp {
    use super::Counted;

    pub fn counted<S>(_socket: &S) -> Option<Counted> {
        None
    }
}

pub use imp::counted;

/// Whether the kernel of this platform tells.
pub const TELLS_SEGMENTS: bool = cfg!(target_os = "linux");

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{
        io::{Read, Write},
        net::{Shutdown, TcpListener, TcpStream},
    };

    use super::*;

    #[test]
    fn the_kernel_counts_what_was_sent_and_one_for_syn_and_fin() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut far, _) = listener.accept().unwrap();
        near.write_all(&[1; 1000]).unwrap();
        near.shutdown(Shutdown::Write).unwrap();
        let mut heard = Vec::new();
        far.read_to_end(&mut heard).unwrap();
        far.write_all(&[2; 77]).unwrap();
        drop(far);
        near.read_to_end(&mut heard).unwrap();
        let counted = counted(&near).unwrap();
        assert_eq!(counted.acknowledged, 1000 + 2);
        assert_eq!(counted.received, 77 + 1);
        assert_eq!(counted.sent, 1000);
        assert!(counted.segments_out >= 3 && counted.segments_in >= 3);
        assert!((1..counted.segments_in).contains(&counted.data_segments_in));
    }
}

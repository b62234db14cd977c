//! A connection that counts its bytes by kind, and compares them with the kernel's count at its
//! end.

use std::{
    cell::Cell,
    io,
    net::{Shutdown, SocketAddr},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};

use netlab::{TcpInfo, stamp_reads, tcp_info, try_read_stamped};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use super::{header_end::header_part, traffic_counts::TrafficCounts};
use crate::host::clock;

/// When bytes were read, and how long they had been there.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// On the monotonic clock, in nanoseconds.
    pub at: u64,
    /// Since the kernel had received the last of them; `None` where it gives no time stamp.
    pub waited: Option<Duration>,
}

impl Reading {
    fn now(waited: Option<Duration>) -> Self {
        Reading {
            at: clock::now(),
            waited,
        }
    }
}

/// A connection that counts its bytes. Clones share it.
#[derive(Clone)]
pub struct CountedStream(Rc<Inner>);

struct Inner {
    stream: TcpStream,
    bytes: Cell<TrafficCounts>,
    /// How much of `\r\n\r\n` has been read while a header section is expected; `None` after it.
    header_end: Cell<Option<usize>>,
    /// Whether the sent bytes are header sections.
    sends_headers: Cell<bool>,
    last_reading: Cell<Reading>,
}

impl CountedStream {
    /// # Errors
    /// The connection could not be opened.
    pub async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        stamp_reads(&stream);
        Ok(CountedStream(Rc::new(Inner {
            stream,
            bytes: Cell::default(),
            header_end: Cell::new(Some(0)),
            sends_headers: Cell::new(true),
            last_reading: Cell::new(Reading::now(None)),
        })))
    }

    /// The next bytes are the header section of a response.
    pub fn expect_header_section(&self) {
        self.0.header_end.set(Some(0));
    }

    /// From now on, sent bytes are no header sections: the connection was upgraded.
    pub fn end_http(&self) {
        self.0.sends_headers.set(false);
    }

    /// Counts `bytes` of the received bytes as the JSON of messages.
    pub fn count_payload(&self, bytes: usize) {
        self.change(|counted| counted.payload += bytes as u64);
    }

    /// The reading of the last bytes.
    pub fn last_reading(&self) -> Reading {
        self.0.last_reading.get()
    }

    /// The bytes so far of the header sections of requests and of responses.
    pub fn header_bytes(&self) -> (u64, u64) {
        let bytes = self.0.bytes.get();
        (bytes.headers_up, bytes.headers_down)
    }

    /// Its bytes so far, and its segments if the kernel reports them.
    pub fn bytes(&self) -> TrafficCounts {
        let kernel = tcp_info(&self.0.stream).unwrap_or_default();
        TrafficCounts {
            segments_up: kernel.segments_out,
            segments_down: kernel.segments_in,
            ..self.0.bytes.get()
        }
    }

    /// Counts a byte that was not sent: a planted fault.
    pub fn miscount(&self) {
        self.change(|counted| counted.up += 1);
    }

    fn change(&self, change: impl FnOnce(&mut TrafficCounts)) {
        let mut bytes = self.0.bytes.get();
        change(&mut bytes);
        self.0.bytes.set(bytes);
    }

    fn count_received(&self, bytes: &[u8]) {
        let headers = match self.0.header_end.get() {
            None => 0,
            Some(matched) => {
                let (length, matched) = header_part(bytes, matched);
                self.0.header_end.set(matched);
                length
            }
        };
        self.change(|counted| {
            counted.down += bytes.len() as u64;
            counted.headers_down += headers as u64;
        });
    }

    fn count_sent(&self, sent: usize) {
        let is_header = self.0.sends_headers.get();
        self.change(|counted| {
            counted.up += sent as u64;
            counted.headers_up += if is_header { sent as u64 } else { 0 };
        });
    }

    /// Shuts down the sending side and reads until the server closes its side. Then the kernel's
    /// counts must equal those of this stream.
    ///
    /// # Errors
    /// The counts differ; the sentence has both.
    pub async fn finish(&self) -> Result<TrafficCounts, String> {
        // It fails if the server has closed the connection already, which does not matter.
        let _ = socket2::SockRef::from(&self.0.stream).shutdown(Shutdown::Write);
        let has_fin = self.read_to_end().await;
        let bytes = self.bytes();
        for _ in 0..ACK_CHECKS {
            match tcp_info(&self.0.stream) {
                Some(kernel) if bytes_agree(&bytes, &kernel, has_fin) => return Ok(self.bytes()),
                None => return Ok(bytes),
                // The last bytes or their acknowledgement may still be on their way.
                Some(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
        let kernel = tcp_info(&self.0.stream).unwrap_or_default();
        Err(format!(
            "a client counted {} bytes up and {} down, the kernel {} and {}",
            bytes.up, bytes.down, kernel.acknowledged, kernel.received
        ))
    }

    /// Returns whether the server closed its side in order, with a FIN.
    async fn read_to_end(&self) -> bool {
        let mut buffer = [0; 4096];
        loop {
            if self.0.stream.readable().await.is_err() {
                return false;
            }
            match self.0.stream.try_read(&mut buffer) {
                Ok(0) => return true,
                Ok(read) => self.count_received(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => return false,
            }
        }
    }
}

/// How often the kernel's counts are read, 5 ms apart, until the last byte is acknowledged.
const ACK_CHECKS: usize = 400;

/// Whether the counts are equal, once everything is acknowledged. The kernel also counts SYN and FIN
/// as one byte each. Nothing is left open here: a counter that is off by one must be found.
fn bytes_agree(bytes: &TrafficCounts, kernel: &TcpInfo, has_fin: bool) -> bool {
    let syn_and_fin = 2;
    kernel.acknowledged == bytes.up + syn_and_fin
        && kernel.received == bytes.down + u64::from(has_fin)
}

impl AsyncRead for CountedStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            ready!(self.0.stream.poll_read_ready(cx))?;
            match try_read_stamped(&self.0.stream, buffer.initialize_unfilled()) {
                Ok(read) => {
                    self.0.last_reading.set(Reading::now(read.waited));
                    let before = buffer.filled().len();
                    buffer.advance(read.bytes);
                    self.count_received(&buffer.filled()[before..]);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for CountedStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.0.stream.poll_write_ready(cx))?;
            match self.0.stream.try_write(bytes) {
                Ok(sent) => {
                    self.count_sent(sent);
                    return Poll::Ready(Ok(sent));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// Does nothing: only [`CountedStream::finish`] ends the connection.
    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_more_or_less_is_a_difference() {
        let bytes = TrafficCounts {
            up: 100,
            down: 50,
            ..TrafficCounts::default()
        };
        let kernel = |acknowledged, received| TcpInfo {
            acknowledged,
            received,
            ..TcpInfo::default()
        };
        assert!(bytes_agree(&bytes, &kernel(102, 51), true));
        assert!(bytes_agree(&bytes, &kernel(102, 50), false));
        for (acknowledged, received) in [(101, 51), (103, 51), (102, 50), (102, 52)] {
            assert!(!bytes_agree(&bytes, &kernel(acknowledged, received), true));
        }
    }
}

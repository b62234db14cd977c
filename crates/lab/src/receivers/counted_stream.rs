//! A client's connection that counts its bytes by kind, and is held against the kernel's count at
//! its end.

use std::{
    cell::Cell,
    io,
    net::{Shutdown, SocketAddr},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};

use netlab::{TcpInfo, tcp_info};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use super::{bytes::Bytes, head_end::head_part};
use crate::host::clock;

/// The connection. Clones are the same one.
#[derive(Clone)]
pub struct CountedStream(Rc<Inner>);

struct Inner {
    stream: TcpStream,
    bytes: Cell<Bytes>,
    /// How much of `\r\n\r\n` was seen while a head is expected; `None` behind it.
    head: Cell<Option<usize>>,
    /// Whether what is sent is heads.
    sends_heads: Cell<bool>,
    /// When bytes came last, on the one clock.
    heard: Cell<u64>,
}

impl CountedStream {
    /// # Errors
    /// No connection.
    pub async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(CountedStream(Rc::new(Inner {
            stream,
            bytes: Cell::default(),
            head: Cell::new(Some(0)),
            sends_heads: Cell::new(true),
            heard: Cell::new(clock::now()),
        })))
    }

    /// What comes next is the head of an answer.
    pub fn expect_head(&self) {
        self.0.head.set(Some(0));
    }

    /// What is sent from now on is no head: the connection has become something else.
    pub fn ends_heads(&self) {
        self.0.sends_heads.set(false);
    }

    /// Of the bytes that came, so many were the JSON of messages.
    pub fn count_payload(&self, bytes: usize) {
        self.change(|counted| counted.payload += bytes as u64);
    }

    /// When bytes came last.
    pub fn heard(&self) -> u64 {
        self.0.heard.get()
    }

    /// Bytes so far of the heads of requests, and of those of answers.
    pub fn heads(&self) -> (u64, u64) {
        let bytes = self.0.bytes.get();
        (bytes.heads_up, bytes.heads_down)
    }

    /// Its bytes so far; segments too, where the kernel tells.
    pub fn bytes(&self) -> Bytes {
        let kernel = tcp_info(&self.0.stream).unwrap_or_default();
        Bytes {
            segments_up: kernel.segments_out,
            segments_down: kernel.segments_in,
            ..self.0.bytes.get()
        }
    }

    fn change(&self, change: impl FnOnce(&mut Bytes)) {
        let mut bytes = self.0.bytes.get();
        change(&mut bytes);
        self.0.bytes.set(bytes);
    }

    fn count_received(&self, bytes: &[u8]) {
        self.0.heard.set(clock::now());
        let head = match self.0.head.get() {
            None => 0,
            Some(seen) => {
                let (length, seen) = head_part(bytes, seen);
                self.0.head.set(seen);
                length
            }
        };
        self.change(|counted| {
            counted.down += bytes.len() as u64;
            counted.heads_down += head as u64;
        });
    }

    fn count_sent(&self, sent: usize) {
        let is_head = self.0.sends_heads.get();
        self.change(|counted| {
            counted.up += sent as u64;
            counted.heads_up += if is_head { sent as u64 } else { 0 };
        });
    }

    /// Says that nothing more will be sent, and reads until the peer says so too. Then the kernel
    /// must have counted what was counted here.
    ///
    /// # Errors
    /// What differs, in words.
    pub async fn finish(&self) -> Result<Bytes, String> {
        // It fails where the peer has closed already, which comes to the same.
        let _ = socket2::SockRef::from(&self.0.stream).shutdown(Shutdown::Write);
        self.read_to_end().await;
        let bytes = self.bytes();
        for _ in 0..ACKNOWLEDGEMENTS {
            match tcp_info(&self.0.stream) {
                Some(kernel) if bytes_agree(&bytes, &kernel) => return Ok(self.bytes()),
                None => return Ok(bytes),
                // The last bytes may be on their way, or their acknowledgement.
                Some(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
        let kernel = tcp_info(&self.0.stream).unwrap_or_default();
        Err(format!(
            "a client counted {} bytes up and {} down, the kernel {} and {}",
            bytes.up, bytes.down, kernel.acknowledged, kernel.received
        ))
    }

    async fn read_to_end(&self) {
        let mut buffer = [0; 4096];
        loop {
            if self.0.stream.readable().await.is_err() {
                return;
            }
            match self.0.stream.try_read(&mut buffer) {
                Ok(0) => return,
                Ok(read) => self.count_received(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    }
}

/// How often, 5 ms apart, the kernel is asked whether the last byte was acknowledged.
const ACKNOWLEDGEMENTS: usize = 400;

/// The SYN's and FIN's one aside.
fn bytes_agree(bytes: &Bytes, kernel: &TcpInfo) -> bool {
    let syn_and_fin = [bytes.up + 1, bytes.up + 2];
    let fin = [bytes.down, bytes.down + 1];
    syn_and_fin.contains(&kernel.acknowledged) && fin.contains(&kernel.received)
}

impl AsyncRead for CountedStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            ready!(self.0.stream.poll_read_ready(cx))?;
            match self.0.stream.try_read(buffer.initialize_unfilled()) {
                Ok(read) => {
                    let before = buffer.filled().len();
                    buffer.advance(read);
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

    /// The end of a connection is [`CountedStream::finish`], which nobody else may anticipate.
    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_more_or_less_is_a_disagreement() {
        let bytes = Bytes {
            up: 100,
            down: 50,
            ..Bytes::default()
        };
        let kernel = |acknowledged, received| TcpInfo {
            acknowledged,
            received,
            ..TcpInfo::default()
        };
        assert!(bytes_agree(&bytes, &kernel(101, 50)) && bytes_agree(&bytes, &kernel(102, 51)));
        assert!(!bytes_agree(&bytes, &kernel(100, 50)) && !bytes_agree(&bytes, &kernel(103, 50)));
        assert!(!bytes_agree(&bytes, &kernel(101, 52)) && !bytes_agree(&bytes, &kernel(101, 49)));
    }
}

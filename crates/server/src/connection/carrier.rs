//! What carries a connection's bytes: TCP, in the clear. TLS would seal them here, and nothing above it
//! would change.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use netlab::send;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// A socket as a [`Wire`](super::Wire) uses it.
pub trait Carrier {
    fn poll_read(&mut self, cx: &mut Context<'_>, into: &mut ReadBuf) -> Poll<io::Result<()>>;

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>>;

    /// Sends what is accepted at once, and returns how many bytes that are.
    fn write_now(&self, bytes: &[u8]) -> io::Result<usize>;

    /// Tells the peer that nothing more will be sent.
    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// The connection below, for its options and counters.
    fn tcp(&self) -> &TcpStream;
}

impl Carrier for TcpStream {
    fn poll_read(&mut self, cx: &mut Context<'_>, into: &mut ReadBuf) -> Poll<io::Result<()>> {
        AsyncRead::poll_read(Pin::new(self), cx, into)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        AsyncWrite::poll_write(Pin::new(self), cx, bytes)
    }

    fn write_now(&self, bytes: &[u8]) -> io::Result<usize> {
        send(self, bytes)
    }

    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        AsyncWrite::poll_shutdown(Pin::new(self), cx)
    }

    fn tcp(&self) -> &TcpStream {
        self
    }
}

//! A TCP stream that counts its bytes and drops a peer that accepts none for too long.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll, ready},
};

use netlab::tune;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Instant,
};

use super::{
    Meter, SlowPeerTimeouts,
    stalled_write::{CHECKS_PER_TIMEOUT, StalledWrite},
};
use crate::{inspector::recorder::ConnectionRecorders, metrics::Metrics};

/// The server's side of a connection.
pub struct MeteredStream {
    io: TcpStream,
    meter: Rc<Meter>,
    timeouts: SlowPeerTimeouts,
    stalled_write: Option<StalledWrite>,
}

impl MeteredStream {
    pub fn new(
        io: TcpStream,
        timeouts: SlowPeerTimeouts,
        metrics: Arc<Metrics>,
        recorders: &Arc<ConnectionRecorders>,
        server: Option<&'static str>,
    ) -> io::Result<Self> {
        tune(&io)?;
        Ok(MeteredStream {
            meter: Meter::new(
                metrics,
                recorders.clone(),
                recorders.open_connection(&io, server),
            ),
            io,
            timeouts,
            stalled_write: None,
        })
    }

    pub fn meter(&self) -> &Rc<Meter> {
        &self.meter
    }

    pub fn peer_addr(&self) -> Option<SocketAddr> {
        self.io.peer_addr().ok()
    }

    /// Pending until a timeout passes. The first timeout marks the peer as slow, the second fails.
    fn poll_stalled(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let timeouts = self.timeouts;
        let stalled_write = self
            .stalled_write
            .get_or_insert_with(|| StalledWrite::new(&self.io, timeouts));
        loop {
            ready!(stalled_write.timer.as_mut().poll(cx));
            if self.meter.is_slow() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            let pause = if stalled_write.time_since_progress(&self.io) < timeouts.slow_after {
                timeouts.slow_after / CHECKS_PER_TIMEOUT
            } else {
                self.meter.mark_slow();
                // So that the reader checks `is_slow`.
                cx.waker().wake_by_ref();
                timeouts.drop_after
            };
            stalled_write.timer.as_mut().reset(Instant::now() + pause);
        }
    }
}

impl Drop for MeteredStream {
    fn drop(&mut self) {
        self.meter.close();
    }
}

impl AsyncRead for MeteredStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.meter.is_close_requested() {
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(cx, buf))?;
        self.meter.received(&buf.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for MeteredStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.io).poll_write(cx, buf) {
            Poll::Pending => self.poll_stalled(cx),
            Poll::Ready(Ok(bytes)) => {
                // A peer that was once slow has only the second timeout to read the rest, even if
                // it accepts bytes again.
                if !self.meter.is_slow() {
                    self.stalled_write = None;
                }
                self.meter.sent(&buf[..bytes]);
                Poll::Ready(Ok(bytes))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
